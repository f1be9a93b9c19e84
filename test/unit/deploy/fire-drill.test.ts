import { describe, expect, it } from 'vitest';
import { SCENARIO_NAMES } from '../../../src/simulator/scenarios.js';
import { loadDrill } from '../../support/drill.js';
import { loadAlerts } from '../../support/rules.js';

/** What no single command can play; the page says how, and the drill does it all the same. */
const PLAYED_OTHERWISE = ['AWSConfigExporterDataStale critical'];

describe('the fire drill', () => {
  const { rows, silent } = loadDrill();

  it('plays every alert in each of its severities, and nothing else', () => {
    const played = rows.map(({ alert, severity }) => `${alert} ${severity}`);
    const alerts = loadAlerts().map(({ alert, labels }) => `${alert} ${labels['severity'] ?? ''}`);
    expect([...played, ...PLAYED_OTHERWISE].sort()).toEqual(alerts.sort());
  });

  it('plays scenarios that there are', () => {
    const commands = [...rows.map(({ command }) => command), ...silent];
    for (const [demo, scenario] of commands) {
      expect(demo).toBe('--demo');
      expect(SCENARIO_NAMES).toContain(scenario);
    }
    expect(silent.length).toBeGreaterThan(0);
  });
});
