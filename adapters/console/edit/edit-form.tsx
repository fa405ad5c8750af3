import type { AttributeDefinition, ExtensionDefinition } from 'dossier';
import { Each } from '../each.js';
import { PostForm, ReasonField } from '../layout.js';
import { type ConsoleSchema, isMultiValued, titleAt, titleOf } from '../profile/schema.js';
import { Refusal } from '../refusal.js';
import type { Violation } from '../request/problem-error.js';
import { href, profilePath, type Visit } from '../request/visit.js';
import { BLANK, type Cell, isBlank } from './cell.js';
import {
  attributePointer,
  type Draft,
  type DraftRecord,
  recordFields,
  recordPointer,
  recordStateFields,
  rowsField,
} from './draft.js';
import { stepOf } from './draft-step.js';
import { Field, fieldId } from './field.js';
import { type Focus, openRecords } from './open-records.js';

export interface EditFormProps {
  readonly visit: Visit;
  readonly id: string;
  readonly schema: ConsoleSchema;
  readonly draft: Draft;
  /** The reading that the form is made from: a change is based on it. */
  readonly reading: string;
  /** The patterns that the JSON Schema has, by pointer to the definition. */
  readonly patternAt: (pointer: string) => string | undefined;
  readonly violations: readonly Violation[];
  /** What else was refused. */
  readonly problem?: string | undefined;
  readonly focus?: Focus | undefined;
}

interface FormParts extends EditFormProps {
  /** What was expected at a pointer instead. */
  readonly errorsAt: (pointer: string) => readonly string[];
  /** The records whose fields are shown. */
  readonly open: ReadonlySet<DraftRecord>;
}

/** The form of a profile, made from the schema. */
export function EditForm(props: EditFormProps) {
  const { visit, id, schema, draft, reading, violations, problem, focus } = props;
  const parts: FormParts = {
    ...props,
    errorsAt: errorsOf(violations),
    open: openRecords(schema, draft, violations, focus),
  };
  return (
    <>
      {(violations.length > 0 || problem) && (
        <Refusal
          text={`Not saved. ${problem ?? ''}`}
          violations={violations}
          placeOf={(pointer) => <a href={`#${anchorOf(schema, pointer)}`}>{titleAt(schema, pointer)}</a>}
        />
      )}
      <PostForm visit={visit} path={profilePath(id, '/edit')}>
        <input type="hidden" name="reading" value={reading} />
        {/* The first button of a form is the one that the Enter key presses. */}
        <button class="skip" type="submit" name="button" value="save">
          Save
        </button>
        <Each items={schema.attributes} render={(definition) => <AttributeRows {...parts} definition={definition} />} />
        <Each items={schema.extensions} render={(extension) => <ExtensionRows {...parts} extension={extension} />} />
        <ReasonField visit={visit} />
        <div class="actions">
          <button type="submit" name="button" value="save">
            Save
          </button>
          <a href={href(visit, profilePath(id))}>Cancel</a>
        </div>
      </PostForm>
    </>
  );
}

/** The place of a violation: its field, or the group that it belongs to. */
function anchorOf({ attributes, extensions }: ConsoleSchema, pointer: string): string {
  const [, name = '', ...rest] = pointer.split('/');
  const attribute = attributes.find((one) => one.name === name);
  if (attribute) return fieldId(attribute.multiValued && rest.length === 0 ? `/${name}/0` : pointer);
  const extension = extensions.find((one) => one.name === name);
  if (!extension) return 'main';
  const isField = rest.length === (isMultiValued(extension) ? 2 : 1);
  return isField ? fieldId(pointer) : groupId(name);
}

function groupId(name: string): string {
  return `group-${name}`;
}

function errorsOf(violations: readonly Violation[]): FormParts['errorsAt'] {
  const errors = new Map<string, string[]>();
  for (const { pointer, expected } of violations) {
    const others = errors.get(pointer) ?? [];
    errors.set(pointer, [...others, `Expected: ${expected}.`]);
  }
  return (pointer) => errors.get(pointer) ?? [];
}

function AttributeRows(props: FormParts & { readonly definition: AttributeDefinition }) {
  const { definition, draft, errorsAt, patternAt, focus } = props;
  const { name, multiValued = false } = definition;
  const stored = draft.attributes.get(name) ?? [];
  const cells: readonly Cell[] = stored.length > 0 ? stored : [BLANK];
  const isRequired = (definition.mandatory ?? false) && definition.default === undefined;
  const pattern = patternAt(`/${name}`);
  const list = sharedChoices(definition, `/${name}`, cells.length);
  const fieldOf = (cell: Cell, index: number) => {
    const pointer = attributePointer(definition, index);
    // A violation of the whole list is shown at its first value.
    const errors = [...errorsAt(pointer), ...(multiValued && index === 0 ? errorsAt(`/${name}`) : [])];
    return (
      <Field
        definition={definition}
        pointer={pointer}
        cell={cell}
        label={cells.length > 1 ? `${titleOf(definition)} ${index + 1}` : titleOf(definition)}
        errors={errors}
        pattern={pattern}
        list={list}
        required={isRequired && index === 0}
        autofocus={focus?.name === name && index === cells.length - 1}
      />
    );
  };
  const fields = <Each items={cells} render={fieldOf} />;
  return (
    <>
      {list && <Choices id={list} definition={definition} />}
      <Hidden field={rowsField(`/${name}`, cells.length)} />
      {multiValued ? (
        <fieldset id={groupId(name)}>
          <legend>{titleOf(definition)}</legend>
          {fields}
          <p class="hint">A field without a value is removed when you save. {countHint(definition)}</p>
          <StepButton step={stepOf('add', `/${name}`)} label={`Add another: ${titleOf(definition)}`} />
        </fieldset>
      ) : (
        fields
      )}
    </>
  );
}

function countHint({ minItems, maxItems }: AttributeDefinition): string {
  const least = minItems === undefined ? '' : `At least ${minItems} values, or none. `;
  return maxItems === undefined ? least : `${least}At most ${maxItems} values.`;
}

function ExtensionRows(props: FormParts & { readonly extension: ExtensionDefinition }) {
  const { extension, draft, errorsAt, focus, open } = props;
  const { name, maxRecords } = extension;
  const records = draft.extensions.get(name) ?? [];
  const isMulti = isMultiValued(extension);
  const shown = records.map((record, index) => ({ record, index }));
  const lines = shown.filter(({ record }) => !open.has(record));
  const opened = shown.filter(({ record }) => open.has(record));
  const newest = focus?.name === name ? (focus.index ?? opened.at(-1)?.index) : undefined;
  const lists = extension.attributes.map((definition) =>
    sharedChoices(definition, `/${name}/${definition.name}`, opened.length),
  );
  return (
    <fieldset id={groupId(name)}>
      <legend>{titleOf(extension)}</legend>
      {extension.description && <p class="hint">{extension.description}</p>}
      {errorsAt(`/${name}`).map((error) => (
        <p class="error">{error}</p>
      ))}
      {extension.attributes.map((definition, position) => {
        const list = lists[position];
        return list && <Choices id={list} definition={definition} />;
      })}
      <Hidden field={rowsField(`/${name}`, records.length)} />
      {lines.length > 0 && (
        <details>
          <summary>{lines.length === 1 ? '1 record' : `${lines.length} records`}, to change or remove</summary>
          <ol class="records">
            <Each
              items={lines}
              render={({ record, index }) => <RecordLine extension={extension} record={record} index={index} />}
            />
          </ol>
        </details>
      )}
      <Each
        items={opened}
        render={({ record, index }) => (
          <RecordFields {...props} record={record} index={index} lists={lists} autofocus={index === newest} />
        )}
      />
      {records.length === 0 && <p class="none">No record</p>}
      {(isMulti || records.length === 0) && (
        <StepButton step={stepOf('add', `/${name}`)} label={`Add: ${titleOf(extension)}`} />
      )}
      {maxRecords !== undefined && <p class="hint">At most {maxRecords} records.</p>}
    </fieldset>
  );
}

/** So many choices are worth a list of their own in each field. */
const MAX_CHOICES = 2_000;

/** The id of the list of choices that all fields of an attribute share, where each would have many. */
function sharedChoices({ oneOf = [] }: AttributeDefinition, pointer: string, fields: number): string | undefined {
  return fields > 1 && oneOf.length * fields > MAX_CHOICES ? `${fieldId(pointer)}-choices` : undefined;
}

function Choices({ id, definition }: { readonly id: string; readonly definition: AttributeDefinition }) {
  return (
    <datalist id={id}>
      {definition.oneOf?.map((value) => (
        <option value={String(value)} />
      ))}
    </datalist>
  );
}

interface RecordProps {
  readonly extension: ExtensionDefinition;
  readonly record: DraftRecord;
  readonly index: number;
}

/** What tells records apart in a list. */
function recordLabel({ cells }: DraftRecord): string {
  const texts = [...cells.values()].flatMap((cell) => (isBlank(cell) ? [] : cell.text));
  return texts.join(' · ') || 'empty';
}

/** A record that is not being edited: its values travel with the form. */
function RecordLine({ extension, record, index }: RecordProps) {
  const pointer = recordPointer(extension, index);
  const label = recordLabel(record);
  return (
    <li>
      <span class="value" dir="auto">
        {label}
      </span>{' '}
      {recordFields(pointer, record).map((field) => (
        <Hidden field={field} />
      ))}
      <StepButton step={stepOf('open', pointer)} label="Change" about={label} />{' '}
      <StepButton step={stepOf('remove', pointer)} label="Remove" about={label} />
    </li>
  );
}

interface RecordFieldsProps extends FormParts, RecordProps {
  /** The shared choices of each attribute. */
  readonly lists: readonly (string | undefined)[];
  readonly autofocus: boolean;
}

function RecordFields(props: RecordFieldsProps) {
  const { extension, record, index, errorsAt, patternAt, lists } = props;
  const pointer = recordPointer(extension, index);
  const isMulti = isMultiValued(extension);
  return (
    <fieldset id={fieldId(pointer)}>
      <legend>{isMulti ? `${titleOf(extension)}: record ${index + 1}` : 'Record'}</legend>
      {recordStateFields(pointer, { ...record, isOpen: true }).map((field) => (
        <Hidden field={field} />
      ))}
      {errorsAt(isMulti ? pointer : '').map((error) => (
        <p class="error">{error}</p>
      ))}
      <div class="columns">
        <Each
          items={extension.attributes}
          render={(definition, position) => (
            <Field
              definition={definition}
              pointer={`${pointer}/${definition.name}`}
              cell={record.cells.get(definition.name) ?? BLANK}
              label={titleOf(definition)}
              errors={errorsAt(`${pointer}/${definition.name}`)}
              pattern={patternAt(`/${extension.name}/${definition.name}`)}
              list={lists[position]}
              required={(definition.mandatory ?? false) && definition.default === undefined}
              autofocus={props.autofocus && position === 0}
            />
          )}
        />
      </div>
      <StepButton step={stepOf('remove', pointer)} label="Remove this record" about={recordLabel(record)} />
    </fieldset>
  );
}

/** A button that changes the rows of the form, and saves nothing: what is in the fields need not be valid. */
function StepButton({
  step,
  label,
  about,
}: {
  readonly step: string;
  readonly label: string;
  readonly about?: string;
}) {
  return (
    <button
      class="quiet small"
      type="submit"
      name="button"
      value={step}
      formnovalidate
      aria-label={about && `${label}: ${about}`}
    >
      {label}
    </button>
  );
}

export function Hidden({ field: [name, value] }: { readonly field: readonly [name: string, value: string] }) {
  return <input type="hidden" name={name} value={value} />;
}
