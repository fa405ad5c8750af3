import { defineSchema } from 'dossier';

export const customerSchema = defineSchema({
  attributes: [
    { name: 'Name', type: 'string', mandatory: true, length: 100 },
    { name: 'Language', type: 'string', mandatory: true, default: 'en' },
    { name: 'Emails', type: 'string', multiValued: true },
    { name: 'Codes', type: 'long', multiValued: true, mandatory: true },
    { name: 'Active', type: 'boolean', multiValued: false, mandatory: false },
    { name: 'Visits', type: 'integer' },
    { name: 'Serial', type: 'long' },
    { name: 'Score', type: 'double', default: undefined },
    { name: 'Balance', type: 'currency' },
    { name: 'Born', type: 'date' },
    { name: 'Seen', type: 'datetime' },
  ],
  extensions: [
    {
      name: 'Phone',
      type: 'multi-valued',
      attributes: [
        { name: 'Number', type: 'string', mandatory: true },
        { name: 'Kind', type: 'string' },
        { name: 'Rank', type: 'integer', mandatory: true, default: 0 },
      ],
      unique: ['Number'],
    },
    { name: 'Address', type: 'single-valued', attributes: [{ name: 'City', type: 'string' }] },
    { name: 'Visited', type: 'single-valued', attributes: [] },
  ],
  identificationKeys: [
    { name: 'byEmail', attributes: ['Emails'], unique: true },
    { name: 'byPhone', source: 'Phone', attributes: ['Number', 'Kind'], caseSensitive: false },
  ],
});
