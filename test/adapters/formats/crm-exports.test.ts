import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { createDossier, type ImportOptions, type SchemaDefinition } from 'dossier';
import { csvRows } from 'dossier/formats';
import { InMemoryProfileRepository } from 'dossier/memory';

const FOLDER = fileURLToPath(new URL('../../../examples/import/', import.meta.url));
const TENANT = '1';

const json = (name: string) => JSON.parse(readFileSync(`${FOLDER}${name}.json`, 'utf8'));
const ANN = { FirstName: 'Ann', LastName: 'Adams', Company: 'Example Ltd', JobTitle: 'Buyer' };
const EMAIL = ['ann.adams@example.com'];
const HOME = { Street: '1 Main Street', City: 'Dayton', Region: 'OH', PostCode: '45402' };

/** The first profile of each export. */
const EXPORTS: Readonly<Record<string, { attributes: object; address?: object; customerId?: string }>> = {
  'google-contacts': {
    attributes: {
      ...ANN,
      EmailAddress: [...EMAIL, 'ann@example.org'],
      PhoneNumber: ['+1 555-0100'],
      DOB: '1985-04-12',
      Tags: '* myContacts',
      Notes: 'Prefers letters',
    },
    address: { ...HOME, Country: 'US' },
  },
  hubspot: {
    customerId: '51',
    attributes: { ...ANN, EmailAddress: EMAIL, PhoneNumber: ['+1 555-0100'], Stage: 'Customer' },
    address: { ...HOME, Country: 'United States' },
  },
  mailchimp: {
    attributes: {
      FirstName: 'Ann',
      LastName: 'Adams',
      EmailAddress: EMAIL,
      PhoneNumber: ['+1 555-0100'],
      Rating: 4,
      Latitude: 39.7589,
      Longitude: -84.1916,
      TimeZone: 'America/New_York',
      Tags: '"Customer","Newsletter"',
    },
  },
  outlook: {
    attributes: {
      ...ANN,
      EmailAddress: [...EMAIL, 'ann@example.org'],
      PhoneNumber: ['+1 (555) 0100', '+1 (555) 0101'],
    },
    address: { ...HOME, Country: 'United States of America' },
  },
  salesforce: {
    customerId: '0035g00000ABCDEAA2',
    attributes: {
      FirstName: 'Ann',
      LastName: 'Adams',
      FullName: 'Ann Adams',
      EmailAddress: EMAIL,
      PhoneNumber: ['+1 555-0100', '+1 555-0101'],
      JobTitle: 'Buyer',
      DOB: '1985-04-12',
      CustomerSince: '2024-03-01T09:12:45.000Z',
      EmailOptOut: false,
      Notes: 'Prefers letters',
    },
    address: { ...HOME, Street: '1 Main Street\nSuite 5', Country: 'US' },
  },
  shopify: {
    customerId: '6940095564001',
    attributes: {
      FirstName: 'Ann',
      LastName: 'Adams',
      EmailAddress: EMAIL,
      PhoneNumber: ['+15550100', '+15550101'],
      Company: 'Example Ltd',
      AcceptsEmail: 'yes',
      TotalSpent: '120.5',
      Orders: 3,
      Tags: 'regular, wholesale',
      Notes: 'Prefers letters',
    },
    address: { ...HOME, Street2: 'Suite 5', Country: 'US' },
  },
  stripe: {
    customerId: 'cus_Np1A2b3C4d5E6f',
    attributes: {
      FullName: 'Ann Adams',
      EmailAddress: EMAIL,
      TotalSpent: '120.5',
      Orders: 3,
      Delinquent: false,
      Notes: 'Wholesale',
    },
  },
};

describe('exports of other systems, by the mapping files of examples/import', () => {
  it('each has a mapping file and a test', () => {
    const named = (extension: string) =>
      readdirSync(FOLDER)
        .filter((name) => name.endsWith(extension) && name !== 'schema.json')
        .map((name) => name.slice(0, -extension.length))
        .sort();
    expect(named('.csv')).to.deep.equal(Object.keys(EXPORTS).sort());
    expect(named('.json')).to.deep.equal(Object.keys(EXPORTS).sort());
  });

  for (const [name, { attributes, address, customerId }] of Object.entries(EXPORTS)) {
    it(`${name}: every column is accounted for, and the rows fit; sent again as a patch, they change nothing`, async () => {
      const { profiles, schemas } = createDossier({ repository: new InMemoryProfileRepository() });
      await schemas.define(TENANT, json('schema') as SchemaDefinition);
      const importing = (options: ImportOptions) =>
        profiles.import(TENANT, csvRows(createReadStream(`${FOLDER}${name}.csv`)), { ...json(name), ...options });
      const { errors, created } = await importing({});
      expect(errors).to.deep.equal([]);
      expect(created).to.equal(2);
      const { items } = await profiles.identify(TENANT, {
        key: 'byEmail',
        values: { EmailAddress: EMAIL[0] },
        extensions: 'all',
      });
      expect(items).to.have.length(1);
      expect(items[0]?.attributes).to.deep.equal(attributes);
      expect(items[0]?.extensions).to.deep.equal(address ? { Address: address } : {});
      if (customerId !== undefined) expect(items[0]?.customerId).to.equal(customerId);
      const again = await importing({ existing: 'patch', idKey: 'byEmail' });
      expect(again).to.include({ patched: 2, failed: 0 });
      expect((await profiles.get(TENANT, items[0]?.customerId ?? '')).revision).to.equal(1);
    });
  }
});
