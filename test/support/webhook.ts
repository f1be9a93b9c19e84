import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What Alertmanager posts to a webhook, as far as it is looked at here. */
interface Notification {
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

const PATIENCE_MS = 90_000;

/** A server on loopback that keeps what is posted to it, for as long as the test takes. */
export class Webhook {
  readonly url: string;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(url: string) {
    this.url = url;
  }

  static async listening(): Promise<Webhook> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const webhook = new Webhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      void json(request).then((body) => {
        webhook.#lines.push(...linesOf(request.url ?? '', body));
        response.end();
        for (const look of webhook.#waiting) look();
      });
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return webhook;
  }

  /**
   * All that was posted, in its order: a line `receiver status alertname severity` for each alert of a
   * webhook, and for anything else its JSON.
   */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves once something has been posted that has this text; rejects where it is long in coming. */
  async received(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => {
        this.#waiting.delete(look);
        clearTimeout(timer);
        settle();
      };
      const look = () => {
        if (this.#lines.some((line) => line.includes(text))) end(resolve);
      };
      const timer = setTimeout(() => {
        end(() => reject(new Error(`no ${text}, but:\n${this.#lines.join('\n')}`)));
      }, PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }
}

function linesOf(path: string, body: unknown): readonly string[] {
  const { alerts } = body as Partial<Notification>;
  return (
    alerts?.map(({ labels, status }) =>
      [path.slice(1), status, labels['alertname'], labels['severity']].join(' '),
    ) ?? [JSON.stringify(body)]
  );
}
