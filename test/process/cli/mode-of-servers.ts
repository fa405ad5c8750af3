import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import type { CliSandbox } from './cli-process.js';

/** W14 holds for two servers on one database, and for the command: each heeds what another sets, within a second. */
export async function expectSharedMode(sandbox: CliSandbox, database: readonly string[] = []): Promise<void> {
  const options = ['--port', '0', '--default-tenant', '1', '--example', ...database];
  const serve = async () => (await sandbox.run('serve', ...options)).ready();
  const one = await serve();
  const other = await serve();
  const headers = { 'content-type': 'application/json' };
  const read = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;
  const send = async (method: string, url: string, body: object) => {
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    const { code } = (await response.json()) as { readonly code?: string };
    return { status: response.status, code };
  };
  const rename = (url: string) => send('PATCH', `${url}profiles/00027a52JCGY000M`, { FirstName: `${Math.random()}` });
  const modes = () => Promise.all([one, other].map(async (url) => (await read(`${url}server/status`)).mode));
  const expectMode = async (mode: string) => {
    const expected = mode === 'production' ? { status: 200, code: undefined } : { status: 503, code: 'maintenance' };
    expect(await Promise.all([rename(one), rename(other)])).to.deep.equal([expected, expected]);
    expect(await modes()).to.deep.equal([mode, mode]);
    expect(await read(`${other}profiles/00027a52JCGY000M`)).to.include({ customer_id: '00027a52JCGY000M' });
  };

  await expectMode('production');
  expect(await send('POST', `${one}server/mode`, { mode: 'maintenance' })).to.include({ status: 200 });
  expect(await rename(one)).to.include({ status: 503 });
  await setTimeout(1_010);
  await expectMode('maintenance');
  expect((await sandbox.finish(['mode', ...database])).stdout).to.equal('maintenance\n');
  expect((await sandbox.finish(['mode', 'production', ...database])).stdout).to.equal('production\n');
  await setTimeout(1_010);
  await expectMode('production');
}
