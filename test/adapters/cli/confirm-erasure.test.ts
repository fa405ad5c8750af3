import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { confirmByTyping } from '../../../adapters/cli/erasure/confirm.js';
import { remainderText, scopeText } from '../../../adapters/cli/erasure/receipt-text.js';

/** What happens when this is typed; and what was asked. */
async function answerTo(typed: string, isTTY = true): Promise<{ message: string | undefined; asked: string }> {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const confirmed = confirmByTyping('ann', { input, output }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  input.end(typed);
  const message = await confirmed;
  output.end();
  return { message, asked: await text(output) };
}

describe('dossier erase: confirmation', () => {
  it('asks to type the customer id', async () => {
    const { message, asked } = await answerTo('ann\n');
    expect(message).to.equal(undefined);
    expect(asked).to.contain('This cannot be undone. Type ann to erase: ');
  });

  it('refuses any other answer, and the end of the input', async () => {
    for (const typed of ['y\n', 'Ann\n', '\n', 'yes ann\n', '']) {
      expect((await answerTo(typed)).message).to.match(/^Nothing was erased/);
    }
  });

  it('asks nobody where the input is no terminal', async () => {
    const { message, asked } = await answerTo('ann\n', false);
    expect([message, asked]).to.deep.equal([
      'Nothing was erased. Add --yes to confirm, since nobody can be asked here.',
      '',
    ]);
  });
});

describe('dossier erase: what it says', () => {
  const scope = { customerId: 'ann', customerIds: ['ann'], removed: { profiles: 1, states: 2, entries: 0 } };

  it('counts what goes, and names what was merged into it', () => {
    expect(scopeText(scope)).to.equal('ann (1 profile, 2 former states, 0 index entries)');
    expect(
      scopeText({ ...scope, customerIds: ['amy', 'ann'], removed: { profiles: 0, states: 1, entries: 1 } }),
    ).to.equal('ann, and what was merged into it: amy (0 profiles, 1 former state, 1 index entry)');
  });

  it('E1: names the profile that still holds what it took over', () => {
    expect(remainderText(scope)).to.equal(undefined);
    expect(remainderText({ ...scope, heldBy: 'bob' })).to.match(/^ann was merged away: bob still holds/);
  });
});
