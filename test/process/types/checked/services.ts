import type { Dossier, ProfileService, SchemaService, TypedProfile, TypedRepresentation } from 'dossier';
import { customerSchema } from './customer-schema.js';

// The services take the schema, and what is typed by it, as they are.
export async function replace(
  { profiles, schemas }: { readonly profiles: ProfileService; readonly schemas: SchemaService },
  read: TypedProfile<typeof customerSchema>,
  input: TypedRepresentation<typeof customerSchema>,
): Promise<void> {
  await schemas.define('1', customerSchema);
  await profiles.create('1', input);
  await profiles.replace('1', read.customerId, input, { basedOn: read });
}

// The services of a tenant know the names and types of its schema.
export async function byTenant(dossier: Dossier): Promise<void> {
  const { profiles, schemas } = dossier.tenant('1', customerSchema);
  await schemas.define();
  const profile = await profiles.get('ann', { extensions: ['Phone'] });
  const name: string | undefined = profile.attributes.Name;
  await profiles.replace('ann', { attributes: { Name: name ?? 'Ann', Codes: 1 } }, { basedOn: profile });
  // @ts-expect-error There is no attribute Nmae.
  await profiles.replace('ann', { attributes: { Name: 'Ann', Codes: 1, Nmae: 'Ann' } });
  const patched = await profiles.patch('ann', { extensions: { Address: { City: 'Rome' } } }, { basedOn: profile });
  const city: string | undefined = patched.extensions?.Address?.City;
  // @ts-expect-error There is no attribute Town.
  await profiles.patch('ann', { extensions: { Address: { Town: city } } });
  const input = { attributes: { Name: 'Ann', Codes: 1, Emails: 'ann@example.com' } };
  const found = await profiles.findOrCreate({ key: 'byEmail', values: { Emails: 'ann@example.com' } }, input);
  const foundName: string | undefined = found.created ? undefined : found.profile.attributes.Name;
  // @ts-expect-error There is no key byName.
  await profiles.findOrCreate({ key: 'byName' }, { attributes: { Name: foundName ?? 'Ann', Codes: 1 } });
  // @ts-expect-error There is no extension Phon.
  await profiles.get('ann', { extensions: ['Phon'] });
  // @ts-expect-error There is no attribute Nmae.
  void profile.attributes.Nmae;

  const untyped = dossier.tenant('1').profiles;
  await untyped.patch('ann', { attributes: { Anything: null } });
  await untyped.findOrCreate({ key: 'byAnything' }, { attributes: { Anything: 1 } });
  await untyped.replace('ann', { attributes: { Anything: 1 } }, { ifRevision: 1 });
}
