import type { ExtensionDefinition } from 'dossier';
import { type ConsoleSchema, isMultiValued, recordsOf, titleOf, type WireProfile } from './schema.js';
import { Value, Values } from './value.js';

/** How many records are shown at once. */
const MAX_OPEN_RECORDS = 20;

/** A profile, as the schema orders and titles it. */
export function ProfileView({ schema, profile }: { readonly schema: ConsoleSchema; readonly profile: WireProfile }) {
  return (
    <>
      <dl>
        {schema.attributes.map((attribute) => (
          <>
            <dt>{titleOf(attribute)}</dt>
            <dd>
              <Values value={profile[attribute.name]} />
            </dd>
          </>
        ))}
      </dl>
      {schema.extensions.map((extension) => (
        <section aria-labelledby={`extension-${extension.name}`}>
          <h2 id={`extension-${extension.name}`}>{titleOf(extension)}</h2>
          <Records extension={extension} records={recordsOf(profile, extension)} />
        </section>
      ))}
    </>
  );
}

interface RecordsProps {
  readonly extension: ExtensionDefinition;
  readonly records: readonly Record<string, unknown>[];
}

export function Records({ extension, records }: RecordsProps) {
  const [first] = records;
  if (!first) return <p class="none">No record</p>;
  if (extension.attributes.length === 0) return <p>{records.length === 1 ? 'Set' : `${records.length} records`}</p>;
  if (!isMultiValued(extension)) return <RecordView extension={extension} record={first} />;
  if (records.length <= MAX_OPEN_RECORDS) return <RecordTable extension={extension} records={records} from={0} />;
  return (
    <>
      <p class="meta">{records.length} records</p>
      <RecordTable extension={extension} records={records.slice(0, MAX_OPEN_RECORDS)} from={0} />
      <details>
        <summary>The other {records.length - MAX_OPEN_RECORDS} records</summary>
        <RecordTable extension={extension} records={records.slice(MAX_OPEN_RECORDS)} from={MAX_OPEN_RECORDS} />
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
