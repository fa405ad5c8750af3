import type { ExtensionDefinition } from 'dossier';
import { Each } from '../each.js';
import { type ConsoleSchema, isMultiValued, recordsOf, titleOf, type WireProfile } from './schema.js';
import { shownPart } from './shown-part.js';
import { Left, Value, Values } from './value.js';

/** How many records are shown at once. */
const MAX_OPEN_RECORDS = 20;

/** A profile, as the schema orders and titles it. */
export function ProfileView({ schema, profile }: { readonly schema: ConsoleSchema; readonly profile: WireProfile }) {
  const { members, left } = shownPart(schema, profile);
  return (
    <>
      <dl>
        <Each
          items={schema.attributes}
          render={(attribute) => (
            <>
              <dt>{titleOf(attribute)}</dt>
              <dd>
                <Values value={members[attribute.name]} left={left.get(attribute.name)} />
              </dd>
            </>
          )}
        />
      </dl>
      <Each
        items={schema.extensions}
        render={(extension) => (
          <section aria-labelledby={`extension-${extension.name}`}>
            <h2 id={`extension-${extension.name}`}>{titleOf(extension)}</h2>
            <Records
              extension={extension}
              records={recordsOf(members, extension)}
              left={left.get(extension.name) ?? 0}
            />
          </section>
        )}
      />
    </>
  );
}

interface RecordsProps {
  readonly extension: ExtensionDefinition;
  readonly records: readonly Record<string, unknown>[];
}

function Records({ extension, records, left }: RecordsProps & { readonly left: number }) {
  const count = records.length + left;
  const [first] = records;
  if (count === 0) return <p class="none">No record</p>;
  if (extension.attributes.length === 0) return <p>{count === 1 ? 'Set' : `${count} records`}</p>;
  if (first && !isMultiValued(extension)) return <RecordView extension={extension} record={first} />;
  if (count <= MAX_OPEN_RECORDS) return <RecordTable extension={extension} records={records} from={0} />;
  return (
    <>
      <p class="meta">{count} records</p>
      <RecordTable extension={extension} records={records.slice(0, MAX_OPEN_RECORDS)} from={0} />
      <details>
        <summary>The other {count - MAX_OPEN_RECORDS} records</summary>
        <RecordTable extension={extension} records={records.slice(MAX_OPEN_RECORDS)} from={MAX_OPEN_RECORDS} />
        <Left count={left} of="records" />
      </details>
    </>
  );
}

function RecordView({
  extension,
  record,
}: {
  readonly extension: ExtensionDefinition;
  readonly record: Record<string, unknown>;
}) {
  return (
    <dl>
      {extension.attributes.map((attribute) => (
        <>
          <dt>{titleOf(attribute)}</dt>
          <dd>
            <Value value={record[attribute.name]} />
          </dd>
        </>
      ))}
    </dl>
  );
}

function RecordTable({ extension, records, from }: RecordsProps & { readonly from: number }) {
  return (
    <ScrollArea label={`${titleOf(extension)} from ${from + 1}`}>
      <table>
        <thead>
          <tr>
            {extension.attributes.map((attribute) => (
              <th scope="col">{titleOf(attribute)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr>
              {extension.attributes.map((attribute) => (
                <td>
                  <Value value={record[attribute.name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** What may be wider than the window. It can be scrolled by the keyboard. */
export function ScrollArea({ label, children }: { readonly label: string; readonly children?: unknown }) {
  return (
    <section class="scroll" aria-label={label} tabindex={0}>
      {children}
    </section>
  );
}
