import type { PropsWithChildren } from 'hono/jsx';
import { PostForm } from '../layout.js';
import type { ConsoleSchema } from '../profile/schema.js';
import type { Visit } from '../request/visit.js';
import type { SchemaChange } from './schema-change.js';

interface TryFormsProps {
  readonly visit: Visit;
  readonly schema: ConsoleSchema | undefined;
  /** What was typed, and refused. */
  readonly refused: SchemaChange | undefined;
}

/** A form for each kind of schema change, to try it on the stored profiles. */
export function TryForms({ visit, schema, refused }: TryFormsProps) {
  const typed = (kind: string, fallback: string) =>
    refused?.kind === kind && 'text' in refused ? refused.text : fallback;
  const attributes = JSON.stringify({ attributes: schema?.attributes ?? [] }, undefined, 2);
  const version = schema === undefined ? '' : String(schema.version);
  return (
    <section aria-labelledby="try">
      <h2 id="try">Try a change on the stored profiles</h2>
      <p>Trying changes nothing. The report tells what the change would meet; one that fits can then be made.</p>
      <JsonForm
        visit={visit}
        kind="attributes"
        label="Attribute definitions"
        text={typed('attributes', attributes)}
        version={version}
      />
      {schema && (
        <>
          <JsonForm
            visit={visit}
            kind="add-extension"
            label="A new extension"
            text={typed('add-extension', NEW_EXTENSION)}
            version={version}
          />
          <JsonForm
            visit={visit}
            kind="add-key"
            label="A new identification key"
            text={typed('add-key', NEW_KEY)}
            version={version}
          />
          <RemoveForm
            visit={visit}
            kind="remove-extension"
            label="Extension to remove"
            names={schema.extensions.map(({ name }) => name)}
          />
          <RemoveForm
            visit={visit}
            kind="remove-key"
            label="Key to remove"
            names={schema.keys.map(({ name }) => name)}
          />
        </>
      )}
    </section>
  );
}

const NEW_EXTENSION = JSON.stringify(
  { name: 'Contract', type: 'multi-valued', attributes: [{ name: 'Number', type: 'string' }], unique: ['Number'] },
  undefined,
  2,
);
const NEW_KEY = JSON.stringify({ name: 'ContractNumber', source: 'Contract', attributes: ['Number'] }, undefined, 2);

interface TryFormProps {
  readonly visit: Visit;
  readonly kind: string;
  readonly label: string;
}

/** A form that opens by its label, around the fields of one kind of change. */
function TryForm({ visit, kind, label, children }: PropsWithChildren<TryFormProps>) {
  return (
    <details>
      <summary>{label}</summary>
      <PostForm visit={visit} path="/schema">
        <input type="hidden" name="kind" value={kind} />
        {children}
        <button type="submit" name="button" value="try">
          Try
        </button>
      </PostForm>
    </details>
  );
}

interface JsonFormProps extends TryFormProps {
  readonly text: string;
  readonly version: string;
}

function JsonForm({ text, version, ...form }: JsonFormProps) {
  const { kind, label } = form;
  return (
    <TryForm {...form}>
      <input type="hidden" name="version" value={version} />
      <p class="field">
        <label for={`json-${kind}`}>{label}, as JSON</label>
        <textarea class="code" id={`json-${kind}`} name="text" spellcheck={false} required>
          {`\n${text}`}
        </textarea>
      </p>
    </TryForm>
  );
}

interface RemoveFormProps extends TryFormProps {
  readonly names: readonly string[];
}

function RemoveForm({ names, ...form }: RemoveFormProps) {
  const { kind, label } = form;
  if (names.length === 0) return undefined;
  return (
    <TryForm {...form}>
      <p class="field">
        <label for={`name-${kind}`}>{label}</label>
        <select id={`name-${kind}`} name="name">
          {names.map((name) => (
            <option value={name}>{name}</option>
          ))}
        </select>
      </p>
    </TryForm>
  );
}
