// Receives what Alertmanager sends, and writes a line for each alert:
//
//   node receiver.mjs PORT
//
// It listens on the loopback only, whose network it shares with Alertmanager.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const [, , port] = process.argv;

const server = createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.end();
    return;
  }
  try {
    const { alerts } = await json(request);
    for (const { annotations, labels, status } of alerts) {
      const { alertname, aws_region: region, conformance_pack: pack, severity, source } = labels;
      const where = [source, region, pack].filter((name) => name !== undefined).join('/');
      const what = `${alertname} at ${where}: ${annotations.summary}`;
      process.stdout.write(`${request.url} ${status} ${severity} ${what}\n`);
    }
    response.end();
  } catch (error) {
    response.writeHead(400).end(`${error.message}\n`);
  }
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`Listening on port ${server.address().port}\n`);
});

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit());
