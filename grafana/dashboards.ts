import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { account } from './account.js';
import { exporter } from './exporter.js';
import { fleet } from './fleet.js';
import type { Page } from './links.js';
import { pack } from './pack.js';

export const DASHBOARDS: Readonly<Record<Page, Dashboard>> = { fleet, pack, account, exporter };
