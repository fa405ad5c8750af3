import { expect } from 'chai';
import { importPeers } from '../../../adapters/cli/import-peers.js';
import { UserError } from '../../../adapters/cli/user-error.js';

describe('dossier: optional peer dependencies', () => {
  const missing: string = 'package-that-is-not-installed';

  it('a missing package is an error with the command that installs all that are needed', async () => {
    const error = await importPeers(['knex', missing], () => import(missing)).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(UserError);
    expect(error).to.have.property(
      'message',
      `The package ${missing} is not installed. Run: npm install knex ${missing}`,
    );
  });

  it('any other error is passed on', async () => {
    const error = await importPeers(['knex'], () => import(missing)).catch((reason: unknown) => reason);
    expect(error).not.to.be.instanceOf(UserError);
  });

  it('an installed package is imported', async () => {
    const { isIP } = await importPeers(['node:net'], () => import('node:net'));
    expect(isIP('127.0.0.1')).to.equal(4);
  });
});
