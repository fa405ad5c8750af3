import { expect } from 'chai';
import type { Principal } from 'dossier/http';
import { confirmationIn, type Visitor, visitorOfAnn } from './console-visitor.js';

const HISTORY = '/profiles/ann/history';
const ADMINISTRATOR: Principal = { name: 'ada', role: 'administrator', maySetActor: true };

describe('console: the history of a profile', () => {
  let visitor: Visitor;

  beforeEach(async () => {
    visitor = await visitorOfAnn({ authenticate: () => ADMINISTRATOR });
    await visitor.profiles.patch(
      '1',
      'ann',
      { attributes: { FirstName: 'Anna', DOB: null } },
      { actor: 'bob', reason: 'she <i>called</i>' },
    );
    await visitor.profiles.patch('1', 'ann', { attributes: { Points: 8 } });
  });

  const stored = async () => visitor.profiles.get('1', 'ann', { extensions: 'all' });

  it('H2 tells who changed what, when and why, the newest first', async () => {
    const { text } = await visitor.get(HISTORY);
    expect(text).to.match(
      /revision 3.*Changed: Points.*revision 2.*\d UTC , by bob Reason: she <i>called<\/i> Changed: First name, Date of birth.*Created/,
    );
  });

  it('W13 tells others than administrators neither who nor why', async () => {
    visitor = await visitorOfAnn({ authenticate: () => ({ name: 'rita', role: 'reader' }) });
    await visitor.profiles.patch('1', 'ann', { attributes: { FirstName: 'Anna' } }, { actor: 'bob' });
    const { text } = await visitor.get(HISTORY);
    expect(text).to.include('Changed: First name').and.not.to.include('bob');
  });

  it('H2 shows a former state, and what is different today', async () => {
    const { text, html } = await visitor.get(`${HISTORY}/1`);
    expect(text).to.include('What is different today').and.to.include('Date of birth 1980-01-31 no value');
    expect(html).to.include('Restore this state');
    expect((await visitor.get(`${HISTORY}/3`)).html).not.to.include('Restore this state');
    expect((await visitor.get(`${HISTORY}/99`)).status).to.equal(404);
  });

  it('H3 restores a state after a preview, with a reason', async () => {
    const preview = await visitor.fillIn(await visitor.get(`${HISTORY}/1`), `${HISTORY}/1`, { button: 'preview' });
    expect(preview.text).to.include('Date of birth no value 1980-01-31');
    expect((await stored()).revision).to.equal(3);
    const page = await visitor.fillIn(preview, `${HISTORY}/1`, { button: 'restore', reason: 'typing error' });
    expect(page.text).to.include('Restored.');
    expect((await stored()).attributes).to.include({ FirstName: 'Ann', DOB: '1980-01-31', Points: 7 });
    expect((await visitor.get(HISTORY)).text).to.include('by ada Reason: typing error');
  });

  it('H3 names what a restore would take away, and needs it confirmed', async () => {
    const preview = await visitor.fillIn(await visitor.get(`${HISTORY}/2`), `${HISTORY}/2`, { button: 'preview' });
    expect(preview.text).not.to.include('would remove');
    await visitor.profiles.patch('1', 'ann', { attributes: { DOB: '1980-02-01' } });
    // Somebody has saved since: the preview comes again, with what is lost now.
    const again = await visitor.fillIn(preview, `${HISTORY}/2`, { button: 'restore' });
    expect(again.text).to.include('would remove').and.to.include('1980-02-01');
    const unconfirmed = await visitor.fillIn(again, `${HISTORY}/2`, { button: 'restore' });
    expect(unconfirmed.text).to.include('would remove');
    await visitor.fillIn(again, `${HISTORY}/2`, { button: 'restore', confirm: confirmationIn(again) });
    expect((await stored()).attributes).not.to.have.property('DOB');
  });

  it('H3 brings back a deleted profile, for administrators', async () => {
    await visitor.profiles.delete('1', 'ann');
    const missing = await visitor.get('/profiles/ann');
    expect(missing.status).to.equal(404);
    expect(missing.html).to.include(HISTORY);
    expect((await visitor.get(HISTORY)).text).to.include('Deleted');
    const preview = await visitor.fillIn(await visitor.get(`${HISTORY}/3`), `${HISTORY}/3`, { button: 'preview' });
    expect((await visitor.fillIn(preview, `${HISTORY}/3`, { button: 'restore' })).text).to.include('Restored.');
    expect((await stored()).attributes).to.include({ Points: 8 });
  });
});

describe('console: merging profiles', () => {
  const MERGE = '/profiles/ann/merge';
  let visitor: Visitor;

  beforeEach(async () => {
    // The previews, too, name the state that they are of.
    visitor = await visitorOfAnn({ services: { requireExpectedRevision: true } });
    const attributes = { LastName: 'Archer', Email: ['a@example.org'] };
    const extensions = { Address: { City: 'Paris' }, Phone: [{ Number: '33' }] };
    await visitor.profiles.create('1', { customerId: 'twin', attributes, extensions });
  });

  const preview = async (kind: string, source = 'twin') => {
    const page = await visitor.get(MERGE);
    return visitor.fillIn(page, MERGE, { kind, source });
  };

  it('W11 shows both profiles and what differs, and merges what was seen', async () => {
    const page = await preview('merge');
    expect(page.text).to.include('Both have records that differ: Address');
    expect(page.text).to.include('a@example.org').and.to.include('Of ann would change:');
    const merged = await visitor.fillIn(page, MERGE, { button: 'merge', force: 'yes' });
    expect(merged.text).to.include('Merged.');
    const { extensions } = await visitor.profiles.get('1', 'ann', { extensions: 'all' });
    expect(extensions?.Address).to.deep.equal({ City: 'Paris' });
  });

  for (const id of ['ann', 'twin']) {
    it(`R14 shows the merge again if ${id} was changed meanwhile`, async () => {
      const page = await preview('merge');
      const { reading: basedOn } = await visitor.profiles.get('1', id);
      await visitor.profiles.patch('1', id, { attributes: { FirstName: 'New' } }, { basedOn });
      const again = await visitor.fillIn(page, MERGE, { button: 'merge', force: 'yes' });
      expect(again.text).to.include('changed meanwhile').and.to.include('New');
      expect((await visitor.profiles.get('1', 'twin')).customerId).to.equal('twin');
    });
  }

  it('H4 takes a merge back', async () => {
    await visitor.profiles.merge('1', 'ann', 'twin', { force: true, ifRevision: 1 });
    const page = await preview('unmerge');
    expect(page.text).to.include('comes back as it was');
    expect((await visitor.fillIn(page, MERGE, { button: 'unmerge' })).text).to.include('The merge was taken back.');
    expect((await visitor.profiles.get('1', 'twin')).attributes).to.include({ LastName: 'Archer' });
  });

  it('H4 tells in the history that a profile was merged away', async () => {
    await visitor.profiles.merge('1', 'ann', 'twin', { force: true, ifRevision: 1 });
    const { text, html } = await visitor.get('/profiles/twin/history');
    expect(text).to.include('Merged into another profile');
    expect(html).to.include('/profiles/twin/history/1').and.not.to.include('/profiles/twin/history/2');
  });

  it('asks again for a profile that is not there, or is the same', async () => {
    expect((await preview('merge', 'nobody')).status).to.equal(404);
    expect((await preview('merge', 'ann')).status).to.equal(400);
    expect((await preview('unmerge')).text).to.include('Merge into customer ann');
  });
});
