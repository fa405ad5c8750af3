import type { AttributeDefinition, ExtensionDefinition, IdentificationKeyDefinition } from 'dossier';
import { Each } from '../each.js';
import { ScrollArea } from '../profile/profile-view.js';
import { type ConsoleSchema, titleOf } from '../profile/schema.js';
import { href, type Visit } from '../request/visit.js';

/** A schema, with all that its definitions say. */
export function SchemaView({ visit, schema }: { readonly visit: Visit; readonly schema: ConsoleSchema }) {
  return (
    <>
      <p class="meta">Version {schema.version}</p>
      <h2>Attributes</h2>
      <DefinitionTable label="Attributes" definitions={schema.attributes} />
      <Each items={schema.extensions} render={(extension) => <ExtensionView extension={extension} />} />
      <h2>Identification keys</h2>
      {schema.keys.length === 0 ? <p class="none">None</p> : <KeyTable keys={schema.keys} />}
      <p>
        <a href={href(visit, '')}>Find a customer</a>
      </p>
    </>
  );
}

function ExtensionView({ extension }: { readonly extension: ExtensionDefinition }) {
  const { name, type, unique = [], maxRecords, description, attributes } = extension;
  const facts = [
    type,
    unique.length > 0 && `no two records with the same ${unique.join(', ')}`,
    maxRecords !== undefined && `at most ${maxRecords} records`,
    extension.protected && 'protected',
  ];
  return (
    <>
      <h2>
        {titleOf(extension)} <span class="meta">– extension {name}</span>
      </h2>
      <p>
        {facts.filter(Boolean).join('; ')}. {description}
      </p>
      {attributes.length > 0 && <DefinitionTable label={titleOf(extension)} definitions={attributes} />}
    </>
  );
}

interface DefinitionTableProps {
  readonly label: string;
  readonly definitions: readonly AttributeDefinition[];
}

function DefinitionTable({ label, definitions }: DefinitionTableProps) {
  return (
    <ScrollArea label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Title</th>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Constraints</th>
            <th scope="col">Description</th>
          </tr>
        </thead>
        <tbody>
          <Each
            items={definitions}
            render={(definition) => (
              <tr>
                <th scope="row">{titleOf(definition)}</th>
                <td>
                  <code>{definition.name}</code>
                </td>
                <td>
                  {definition.type}
                  {definition.multiValued && ', several values'}
                </td>
                <td>{constraintsOf(definition)}</td>
                <td>{definition.description}</td>
              </tr>
            )}
          />
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** What a definition says beside what has a column of its own. */
function constraintsOf({
  name: _,
  type: __,
  title: ___,
  description: ____,
  multiValued: _____,
  ...rest
}: AttributeDefinition) {
  const facts = Object.entries(rest).map(([member, value]) => {
    if (value === true) return member;
    return `${member} ${Array.isArray(value) ? value.join(', ') : String(value)}`;
  });
  return facts.join('; ') || <span class="none">none</span>;
}

function KeyTable({ keys }: { readonly keys: readonly IdentificationKeyDefinition[] }) {
  return (
    <ScrollArea label="Identification keys">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Attributes</th>
            <th scope="col">Unique</th>
            <th scope="col">Case</th>
          </tr>
        </thead>
        <tbody>
          {keys.map(({ name, source = 'profile', attributes, unique, caseSensitive = true }) => (
            <tr>
              <th scope="row">{name}</th>
              <td>
                {attributes.join(', ')}
                {source !== 'profile' && ` of ${source}`}
              </td>
              <td>{unique ? 'yes' : 'no'}</td>
              <td>{caseSensitive ? 'matters' : 'does not matter'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
