import { expect } from 'chai';
import type { ApiHarness } from './api-harness.js';
import { describeOnStorages } from './describe-on-storages.js';

const ATTRIBUTES = [
  { name: 'FirstName', type: 'string' },
  { name: 'LastName', type: 'string' },
  { name: 'DOB', type: 'date' },
  { name: 'EmailAddress', type: 'string', multiValued: true },
];

const ADDRESS = {
  name: 'Address',
  type: 'single-valued',
  attributes: [
    { name: 'AddressType', type: 'integer', default: 0 },
    { name: 'Address', type: 'string', length: 256 },
    { name: 'City', type: 'string', length: 32 },
    { name: 'County', type: 'string', length: 32 },
    { name: 'PostCode', type: 'string', length: 10 },
    { name: 'Country', type: 'string', length: 32 },
  ],
};

const PHONE = {
  name: 'Phone',
  type: 'multi-valued',
  attributes: [
    { name: 'PhoneType', type: 'integer', default: 0 },
    { name: 'prefix', type: 'string' },
    { name: 'PhoneNumber', type: 'string', mandatory: true },
    { name: 'description', type: 'string' },
    { name: 'start_availability', type: 'datetime' },
    { name: 'end_availability', type: 'datetime' },
  ],
  unique: ['PhoneNumber'],
};

const CONTACTS = {
  name: 'contacts',
  type: 'multi-valued',
  attributes: [{ name: 'phone_number', type: 'string' }],
};

const ID_PHONE = { name: 'idPhone', source: 'contacts', attributes: ['phone_number'] };

const FAMILY_PHONE = {
  PhoneType: 0,
  prefix: '+33',
  PhoneNumber: '3145926535',
  description: 'family phone',
  start_availability: '2009-12-18T18:30:00.000Z',
  end_availability: '2009-12-18T21:40:00.000Z',
};

const BUSINESS_PHONE = {
  PhoneType: 2,
  prefix: '+33',
  PhoneNumber: '3141592654',
  description: 'business calls only, no sales',
  start_availability: '2009-12-18T09:30:00.000Z',
  end_availability: '2009-12-18T17:45:00.000Z',
};

const BANNER = {
  FirstName: 'Bruce',
  LastName: 'Banner',
  DOB: '1962-05-10',
  EmailAddress: ['bruce.banner@example.com', 'b.banner@example.org'],
  Phone: [FAMILY_PHONE, BUSINESS_PHONE],
};

/** URIs as in the reference, which ends those of POST requests with a slash. */
describeOnStorages('the examples of the UCS reference', (open) => {
  let harness: ApiHarness;
  beforeEach(async () => {
    harness = await open();
    await harness.send('PUT', '/metadata/profiles', { body: { attributes: ATTRIBUTES } });
  });

  const create = async () => {
    await harness.send('POST', '/metadata/profiles/extensions/', { body: PHONE });
    return harness.send('POST', '/profiles/', { body: BANNER });
  };

  it('W5: creates "Bruce Banner" with two e-mail addresses and two phone records: 201 and Location', async () => {
    const { status, headers, body } = await create();
    expect(status).to.equal(201);
    expect(body).to.have.all.keys('customer_id');
    expect(headers.get('location')).to.equal(`/profiles/${body.customer_id}`);
    const got = await harness.send('GET', `${headers.get('location')}?extensions=Phone`);
    expect([got.status, got.body]).to.deep.equal([200, { ...body, ...BANNER }]);
  });

  it('W7: creates the extension schema Address: 201 and Location', async () => {
    for (const path of ['/metadata/profiles/extensions', '/metadata/profiles/extensions/']) {
      const { status, headers, body } = await harness.send('POST', path, { body: ADDRESS });
      expect([status, headers.get('location')]).to.deep.equal([201, '/metadata/profiles/extensions/Address']);
      expect(body).to.deep.equal(ADDRESS);
      await harness.send('DELETE', '/metadata/profiles/extensions/Address');
    }
  });

  it('R4: sets the default type of an address, and refuses values that are too long', async () => {
    await harness.send('POST', '/metadata/profiles/extensions/', { body: ADDRESS });
    const address = { Address: '21 JumpStreet', City: 'Hollywood', County: 'Santa Barbara', Country: 'United States' };
    const { headers } = await harness.send('POST', '/profiles/', {
      body: { Address: { ...address, PostCode: '555' } },
    });
    const { body } = await harness.send('GET', `${headers.get('location')}?extensions=Address`);
    expect(body.Address).to.deep.equal({ AddressType: 0, ...address, PostCode: '555' });
    const limits = { Address: 256, City: 32, County: 32, PostCode: 10, Country: 32 };
    for (const [name, length] of Object.entries(limits)) {
      const post = (text: string) => harness.send('POST', '/profiles', { body: { Address: { [name]: text } } });
      expect((await post('x'.repeat(length))).status).to.equal(201);
      const refused = await post('x'.repeat(length + 1));
      expect([refused.status, refused.body.violations[0].pointer]).to.deep.equal([400, `/Address/${name}`]);
    }
  });

  it('W6, W7: creates the key idPhone on contacts.phone_number, and finds the profiles that share a number', async () => {
    await harness.send('POST', '/metadata/profiles/extensions/', { body: CONTACTS });
    const { status, headers } = await harness.send('POST', '/metadata/identification-keys/', { body: ID_PHONE });
    expect([status, headers.get('location')]).to.deep.equal([201, '/metadata/identification-keys/idPhone']);
    for (const customer_id of ['doe', 'jane']) {
      const body = { customer_id, LastName: 'Doe', contacts: [{ phone_number: '408-888-3214' }] };
      await harness.send('POST', '/profiles/', { body });
    }
    const query = 'contacts.phone_number=408-888-3214&extensions=contacts&include_profile=yes';
    for (const path of [`/profiles?${query}`, `/profiles?id_key=idPhone&${query}`]) {
      const found = await harness.send('GET', path);
      const expected = { LastName: 'Doe', contacts: [{ phone_number: '408-888-3214' }] };
      expect([found.status, found.body]).to.deep.equal([
        200,
        [
          { customer_id: 'doe', ...expected },
          { customer_id: 'jane', ...expected },
        ],
      ]);
    }
  });

  it('W9: inserts phone records: 200', async () => {
    const path = (await create()).headers.get('location');
    const { status } = await harness.send('POST', `${path}/extensions`, { body: { Phone: [FAMILY_PHONE] } });
    expect(status).to.equal(200);
  });

  it('W10: updates a phone record by its unique attributes: 204', async () => {
    const path = (await create()).headers.get('location');
    const body = { ...FAMILY_PHONE, description: 'parents' };
    const { status, text } = await harness.send('PUT', `${path}/extensions/Phone/by/unique`, { body });
    expect([status, text]).to.deep.equal([204, '']);
    const { Phone } = (await harness.send('GET', `${path}?extensions=Phone`)).body;
    expect(Phone).to.deep.equal([body, BUSINESS_PHONE]);
  });

  it('W10: deletes a phone record by its unique attributes: 204', async () => {
    const path = (await create()).headers.get('location');
    const body = { PhoneNumber: FAMILY_PHONE.PhoneNumber };
    const { status, text } = await harness.send('PUT', `${path}/extensions/Phone/delete/by/unique`, { body });
    expect([status, text]).to.deep.equal([204, '']);
    expect((await harness.send('GET', `${path}?extensions=Phone`)).body.Phone).to.deep.equal([BUSINESS_PHONE]);
  });

  it('W11: merges two profiles with an empty object as the body: 204', async () => {
    const destination = (await create()).body.customer_id;
    const source = (await harness.send('POST', '/profiles/', { body: { FirstName: 'Hulk' } })).body.customer_id;
    const { status } = await harness.send('PUT', `/profiles/${destination}/merge/${source}`, { raw: '{ }' });
    expect(status).to.equal(204);
    expect((await harness.send('GET', `/profiles/${source}`)).status).to.equal(404);
  });
});
