import type {
  ConfigApi,
  Page,
  PackDescriptionReport,
  PackStatusReport,
  PageRequest,
} from '../../src/aws/port.js';
import type { AccountReport } from '../../src/conformance/account-columns.js';

/** Answers of the port, each of which may throw. */
export interface Script {
  readonly packStatuses?: (page: PageRequest) => readonly PackStatusReport[];
  readonly packs?: (page: PageRequest) => readonly PackDescriptionReport[];
  readonly packAccounts?: (pack: string, page: PageRequest) => readonly AccountReport[];
}

/** A port of our own that answers in one page what the script says. */
export function scriptedApi(script: Script): ConfigApi {
  const page = <Item>(items: readonly Item[] | undefined): Page<Item> => ({ items: items ?? [] });
  return {
    packStatuses: (request) => answer(() => page(script.packStatuses?.(request))),
    packs: (request) => answer(() => page(script.packs?.(request))),
    packAccounts: (pack, request) => answer(() => page(script.packAccounts?.(pack, request))),
    packAccount: (pack, accountId, signal) =>
      answer(() =>
        (script.packAccounts?.(pack, { limit: 100, signal }) ?? []).filter(
          (report) => report.accountId === accountId,
        ),
      ),
  };
}

function answer<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => resolve(make()));
}
