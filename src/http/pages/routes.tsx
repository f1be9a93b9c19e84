import { Router, type RequestHandler } from 'express';
import type { JSX } from 'preact';
import { SECTIONS } from '../../paths.js';
import { pageOf } from '../../status/page.js';
import type { Status, StatusReader } from '../../status/status.js';
import { ACCOUNTS, NOTHING, PACK_ACCOUNTS, PACKS } from '../queries.js';
import { parseQuery, type Parameters, type QueryOf } from '../query.js';
import type { InTurn } from '../turns.js';
import { ACCOUNT_ROUTE, accountIdOf, PACK_ROUTE, packKeyOf, queryOf } from '../request.js';
import type { Asked } from '../request.js';
import { AccountPage } from './account.js';
import { AccountListPage } from './account-list.js';
import { renderPage } from './layout.js';
import { OverviewPage } from './overview.js';
import { PackPage } from './pack.js';
import { RefusalPage } from './refusal.js';
import type { Site } from './site.js';

/** The pages for people. They work without a script, and nothing is read from AWS for them. */
export function pageRoutes(read: StatusReader, inTurn: InTurn, site: Site): Router {
  const router = Router();
  const showing = showingOf(read, inTurn, site);
  router.get(
    SECTIONS.landing,
    showing(PACKS, async (status, query) => (
      <OverviewPage
        site={site}
        overview={await status.overview()}
        query={query}
        packs={status.packs(query)}
      />
    )),
  );
  router.get(
    PACK_ROUTE,
    showing(PACK_ACCOUNTS, (status, query, asked) => {
      const key = packKeyOf(asked);
      const pack = status.pack(key);
      const selected = status.packAccounts(key, query);
      if (pack === undefined || selected === undefined) return undefined;
      const accounts = pageOf(selected.numbers, query, selected.accountAt);
      return <PackPage site={site} pack={pack} query={query} accounts={accounts} />;
    }),
  );
  router.get(
    SECTIONS.accounts,
    showing(ACCOUNTS, async (status, query) => (
      <AccountListPage site={site} query={query} accounts={await status.accounts(query)} />
    )),
  );
  router.get(
    ACCOUNT_ROUTE,
    showing(NOTHING, (status, _query, asked) => {
      const account = status.account(accountIdOf(asked));
      return account && <AccountPage site={site} account={account} />;
    }),
  );
  return router;
}

type PageFor<Table extends Parameters> = (
  status: Status,
  query: QueryOf<Table>,
  asked: Asked,
) => JSX.Element | undefined | Promise<JSX.Element>;

/** Answers with a page; where there is none, or the query is wrong, with one that says so. */
function showingOf(read: StatusReader, inTurn: InTurn, site: Site) {
  return <Table extends Parameters>(table: Table, pageFor: PageFor<Table>): RequestHandler =>
    async (request, response) => {
      const parsed = parseQuery(table, withoutEmpty(queryOf(request)));
      response.type('html');
      if ('problems' in parsed) {
        const lines = parsed.problems.map(({ message, parameter }) => `${parameter} ${message}.`);
        const page = <RefusalPage site={site} title="Invalid query" lines={lines} />;
        response.status(400).send(renderPage(page));
        return;
      }
      const page = await inTurn(async () => {
        // Whoever has gone away while waiting needs no answer.
        if (response.destroyed) return undefined;
        const shown = await pageFor(await read(), parsed.query, request);
        return shown && renderPage(shown);
      });
      if (page === undefined) {
        const lines = ['It does not exist, or it has not been read yet.'];
        const missing = <RefusalPage site={site} title="Not found" lines={lines} />;
        response.status(404).send(renderPage(missing));
        return;
      }
      response.send(page);
    };
}

/** A form sends what nobody has filled in, too. */
function withoutEmpty(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([, value]) => value !== ''));
}
