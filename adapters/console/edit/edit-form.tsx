import type { AttributeDefinition, ExtensionDefinition } from 'dossier';
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
  /** The extension or attribute whose rows a button has changed. */
  readonly focus?: string | undefined;
}

/** The form of a profile, made from the schema. */
export function EditForm(props: EditFormProps) {
  const { visit, id, schema, reading, violations, problem } = props;
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
        {schema.attributes.map((definition) => (
          <AttributeRows {...props} definition={definition} />
        ))}
        {schema.extensions.map((extension) => (
          <ExtensionRows {...props} extension={extension} />
        ))}
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

function errorsAt(violations: readonly Violation[], pointer: string): readonly string[] {
  return violations.filter((one) => one.pointer === pointer).map(({ expected }) => `Expected: ${expected}.`);
}

function AttributeRows(props: EditFormProps & { readonly definition: AttributeDefinition }) {
  const { definition, draft, violations, patternAt, focus } = props;
  const { name, multiValued = false } = definition;
  const stored = draft.attributes.get(name) ?? [];
  const cells: readonly Cell[] = stored.length > 0 ? stored : [BLANK];
  const isRequired = (definition.mandatory ?? false) && definition.default === undefined;
  const fields = cells.map((cell, index) => {
    const pointer = attributePointer(definition, index);
    // A violation of the whole list is shown at its first value.
    const errors = [
      ...errorsAt(violations, pointer),
      ...(multiValued && index === 0 ? errorsAt(violations, `/${name}`) : []),
    ];
    return (
      <Field
        definition={definition}
        pointer={pointer}
        cell={cell}
        label={cells.length > 1 ? `${titleOf(definition)} ${index + 1}` : titleOf(definition)}
        errors={errors}
        pattern={patternAt(`/${name}`)}
        required={isRequired && index === 0}
        autofocus={focus === name && index === cells.length - 1}
      />
    );
  });
  return (
    <>
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

function ExtensionRows(props: EditFormProps & { readonly extension: ExtensionDefinition }) {
  const { extension, draft, violations, focus } = props;
  const { name, maxRecords } = extension;
  const records = draft.extensions.get(name) ?? [];
  const isMulti = isMultiValued(extension);
  const shown = records.map((record, index) => ({ record, index }));
  const isOpen = ({ record, index }: (typeof shown)[number]) =>
    record.isOpen || violations.some(({ pointer }) => isWithin(pointer, recordPointer(extension, index)));
  const lines = shown.filter((one) => !isOpen(one));
  const newest = focus === name ? shown.filter(isOpen).at(-1)?.index : undefined;
  return (
    <fieldset id={groupId(name)}>
      <legend>{titleOf(extension)}</legend>
      {extension.description && <p class="hint">{extension.description}</p>}
      {errorsAt(violations, `/${name}`).map((error) => (
        <p class="error">{error}</p>
      ))}
      <Hidden field={rowsField(`/${name}`, records.length)} />
      {lines.length > 0 && (
        <details>
          <summary>{lines.length === 1 ? '1 record' : `${lines.length} records`}, to change or remove</summary>
          <ol class="records">
            {lines.map(({ record, index }) => (
              <RecordLine extension={extension} record={record} index={index} />
            ))}
          </ol>
        </details>
      )}
      {shown.filter(isOpen).map(({ record, index }) => (
        <RecordFields {...props} record={record} index={index} autofocus={index === newest} />
      ))}
      {records.length === 0 && <p class="none">No record</p>}
      {(isMulti || records.length === 0) && (
        <StepButton step={stepOf('add', `/${name}`)} label={`Add: ${titleOf(extension)}`} />
      )}
      {maxRecords !== undefined && <p class="hint">At most {maxRecords} records.</p>}
    </fieldset>
  );
}

function isWithin(pointer: string, outer: string): boolean {
  return pointer === outer || pointer.startsWith(`${outer}/`);
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

function RecordFields(props: EditFormProps & RecordProps & { readonly autofocus: boolean }) {
  const { extension, record, index, violations, patternAt } = props;
  const pointer = recordPointer(extension, index);
  const isMulti = isMultiValued(extension);
  return (
    <fieldset id={fieldId(pointer)}>
      <legend>{isMulti ? `${titleOf(extension)}: record ${index + 1}` : 'Record'}</legend>
      {recordStateFields(pointer, { ...record, isOpen: true }).map((field) => (
        <Hidden field={field} />
      ))}
      {errorsAt(violations, isMulti ? pointer : '').map((error) => (
        <p class="error">{error}</p>
      ))}
      <div class="columns">
        {extension.attributes.map((definition, position) => (
          <Field
            definition={definition}
            pointer={`${pointer}/${definition.name}`}
            cell={record.cells.get(definition.name) ?? BLANK}
            label={titleOf(definition)}
            errors={errorsAt(violations, `${pointer}/${definition.name}`)}
            pattern={patternAt(`/${extension.name}/${definition.name}`)}
            required={(definition.mandatory ?? false) && definition.default === undefined}
            autofocus={props.autofocus && position === 0}
          />
        ))}
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
