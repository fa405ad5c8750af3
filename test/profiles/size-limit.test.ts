import { expect } from 'chai';
import type { TooLargeError } from 'dossier';
import { createServices, outcome, refusal, TENANT } from '../service-harness.js';

const LIMIT = 1_024;

/** An attributes document of the given size in bytes of JSON, with two-byte characters. */
function ofBytes(bytes: number): { Text: string } {
  const room = bytes - JSON.stringify({ Text: '' }).length;
  return { Text: 'é'.repeat(room / 2) + 'x'.repeat(room % 2) };
}

async function create() {
  const services = createServices(undefined, { maxProfileBytes: LIMIT });
  const text = { name: 'Text', type: 'string', length: 65_535 } as const;
  await services.schemas.define(TENANT, {
    attributes: [text],
    extensions: [{ name: 'Note', type: 'multi-valued', attributes: [text] }],
  });
  await services.profiles.create(TENANT, { customerId: 'x', attributes: {} });
  return services;
}

describe('ProfileService: maxProfileBytes', () => {
  it('counts bytes of UTF-8 JSON exactly', async () => {
    const { profiles } = await create();
    const replace = (bytes: number) => profiles.replace(TENANT, 'x', { attributes: ofBytes(bytes) });
    expect((await replace(LIMIT)).revision).to.equal(2);
    const { code, limit } = await refusal<TooLargeError>(replace(LIMIT + 1));
    expect([code, limit]).to.deep.equal(['too_large', LIMIT]);
    expect(await outcome(profiles.create(TENANT, { attributes: ofBytes(LIMIT + 2) }))).to.equal('too_large');
  });

  it('R7 applies to attributes and extensions separately', async () => {
    const { profiles, state } = await create();
    const note = (bytes: number) => ({ Note: [ofBytes(bytes - JSON.stringify({ Note: [] }).length)] });
    const attributes = ofBytes(LIMIT);
    expect(await outcome(profiles.replace(TENANT, 'x', { attributes, extensions: note(LIMIT) }))).to.equal('ok');
    expect(await outcome(profiles.replace(TENANT, 'x', { attributes: ofBytes(LIMIT - 1) }))).to.equal('ok');
    const before = await state('x');
    const over = profiles.replace(TENANT, 'x', { attributes: {}, extensions: note(LIMIT + 1) });
    expect(await outcome(over)).to.equal('too_large');
    expect(await outcome(profiles.insertRecords(TENANT, 'x', { Note: {} }))).to.equal('too_large');
    expect(await state('x')).to.deep.equal(before);
  });

  it('R12 applies to replacements with basedOn', async () => {
    const { profiles, state } = await create();
    const basedOn = await state('x');
    const over = profiles.replace(TENANT, 'x', { attributes: ofBytes(LIMIT + 1) }, { basedOn });
    expect(await outcome(over)).to.equal('too_large');
    expect(await state('x')).to.deep.equal(basedOn);
  });
});
