import { describe, expect, it } from 'vitest';
import { loadConfig, type Config } from '../../src/config/load.js';
import type { OptionName } from '../../src/config/options.js';
import { planReload } from '../../src/reload.js';

function configOf(flags: Partial<Record<OptionName, string>>): Config {
  const given = new Map(
    Object.entries(flags).map(([name, text]) => [name as OptionName, [text]] as const),
  );
  const { config, problems } = loadConfig({ flags: given, environment: {}, readFile: () => '' });
  if (config === undefined) throw new Error(JSON.stringify(problems));
  return config;
}

const before = configOf({ 'packs.include': 'A.*' });

describe('planReload', () => {
  it('finds nothing to do where nothing has changed, regular expressions included', () => {
    const again = configOf({ 'packs.include': 'A.*' });
    expect(planReload(before, again)).toEqual({ config: again, changed: false, needRestart: [] });
  });

  it('takes over what can change', () => {
    const next = configOf({ 'packs.include': 'B.*', 'aws.region': 'eu-west-1' });
    expect(planReload(before, next)).toEqual({ config: next, changed: true, needRestart: [] });
  });

  it('leaves the web configuration to whoever reloads that', () => {
    const web = { tls: undefined, headers: {}, users: new Map(), rateLimit: undefined };
    const [old, next] = [
      { ...before, web },
      { ...before, web: { ...web, headers: { a: 'b' } } },
    ];
    expect(planReload(old, next)).toEqual({ config: old, changed: false, needRestart: [] });
  });

  it('keeps what needs a restart, and says so', () => {
    const next = configOf({
      'packs.include': 'A.*',
      'web.listen-address': ':1',
      'log.format': 'pretty',
    });
    const { changed, config, needRestart } = planReload(before, next);
    expect([changed, needRestart]).toEqual([false, ['web.listen-address', 'log.format']]);
    expect(config.options['log.format']).toBe('json');
  });
});
