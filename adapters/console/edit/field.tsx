import type { AttributeDefinition } from 'dossier';
import { browserPattern } from './browser-pattern.js';
import type { Cell } from './cell.js';
import { exactFields } from './draft.js';

export interface FieldProps {
  readonly definition: AttributeDefinition;
  /** The JSON pointer of the value: the name of the field. */
  readonly pointer: string;
  readonly cell: Cell;
  readonly label: string;
  /** What the interface expected instead. */
  readonly errors: readonly string[];
  /** From the JSON Schema. */
  readonly pattern: string | undefined;
  /** The id of the choices that many fields share. */
  readonly list: string | undefined;
  /** Whether it needs a value. */
  readonly required: boolean;
  readonly autofocus: boolean;
}

/** The id of the field at a pointer. */
export function fieldId(pointer: string): string {
  return `f${pointer.replaceAll('/', '-')}`;
}

/** A field, with its label outside. */
export function Field(props: FieldProps) {
  const { definition, pointer, cell, label, errors } = props;
  const id = fieldId(pointer);
  const hint = hintOf(definition);
  return (
    <div class="field">
      <label for={id}>
        {label}
        {props.required && <span class="plain"> (required)</span>}
      </label>
      <Control {...props} />
      {exactFields(pointer, cell).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {errors.length > 0 && (
        <span class="error" id={`${id}-error`}>
          {errors.join(' ')}
        </span>
      )}
    </div>
  );
}

function Control({ definition, pointer, cell, errors, pattern, list, required, autofocus }: FieldProps) {
  const id = fieldId(pointer);
  const { text } = cell;
  const described = [hintOf(definition) && `${id}-hint`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ');
  const common = {
    id,
    name: pointer,
    // An empty text may be a value, which a browser would take for none.
    required: required && cell.exact === undefined,
    autofocus,
    'aria-describedby': described || undefined,
    'aria-invalid': errors.length > 0 ? 'true' : undefined,
  } as const;
  const choices = list === undefined ? choicesOf(definition) : undefined;
  if (choices) {
    const known = text === '' || choices.some(({ value }) => value === text);
    return (
      <select {...common}>
        <option value="" selected={text === ''}>
          – no value –
        </option>
        {!known && (
          <option value={text} selected>
            {text} (no longer offered)
          </option>
        )}
        {choices.map(({ value, name }) => (
          <option value={value} selected={value === text}>
            {name}
          </option>
        ))}
      </select>
    );
  }
  if (list === undefined && isLong(definition, text)) {
    // A browser drops the first line break of a text area.
    return (
      <textarea {...common} dir="auto" minlength={definition.minLength}>
        {`\n${text}`}
      </textarea>
    );
  }
  return <input {...common} dir="auto" list={list} value={text} {...inputKind(definition, pattern)} />;
}

/** How many characters one line is for. */
const ONE_LINE = 256;

function isLong({ type, length = ONE_LINE }: AttributeDefinition, text: string): boolean {
  return type === 'string' && (length > ONE_LINE || text.includes('\n'));
}

function choicesOf({ type, oneOf }: AttributeDefinition) {
  if (type === 'boolean') {
    return [
      { value: 'true', name: 'yes' },
      { value: 'false', name: 'no' },
    ];
  }
  return oneOf?.map((value) => ({ value: String(value), name: String(value) }));
}

function inputKind(definition: AttributeDefinition, pattern: string | undefined) {
  const { type, minimum, maximum, format } = definition;
  switch (type) {
    case 'integer':
      return { type: 'number', step: '1', min: minimum ?? -(2 ** 31), max: maximum ?? 2 ** 31 - 1 };
    case 'double':
      return { type: 'number', step: 'any', min: minimum, max: maximum };
    case 'date':
      return { type: 'date', min: minimum ?? '0001-01-01', max: maximum ?? '9999-12-31' };
    case 'long':
      return { inputmode: 'numeric' as const, pattern: browserPattern(definition, pattern) };
    case 'currency':
      return { inputmode: 'decimal' as const, pattern: browserPattern(definition, pattern) };
    default: {
      // `type=email` would change what is typed: it cuts blanks, and encodes domains.
      const inputmode = format === undefined ? undefined : INPUT_MODES[format];
      return { inputmode, pattern: browserPattern(definition, pattern), title: hintOf(definition) };
    }
  }
}

const INPUT_MODES: { readonly [format: string]: 'email' | 'tel' | 'url' } = {
  email: 'email',
  phone: 'tel',
  uri: 'url',
};

/** What a person needs to know to fill in the field. */
function hintOf(definition: AttributeDefinition): string | undefined {
  const { description, minimum, maximum, minLength, length, format, pattern, type, oneOf } = definition;
  const { default: fallback } = definition;
  const parts = [
    description,
    type === 'datetime' && 'Date and time with zone, such as 2026-01-31T12:00:00Z for UTC.',
    format && `Format: ${format}.`,
    pattern && `Pattern: ${pattern}`,
    oneOf === undefined && minimum !== undefined && `At least ${minimum}.`,
    oneOf === undefined && maximum !== undefined && `At most ${maximum}.`,
    minLength !== undefined && `At least ${minLength} characters.`,
    length !== undefined && `At most ${length} characters.`,
    fallback !== undefined && !Array.isArray(fallback) && `Without a value: ${String(fallback)}.`,
  ];
  return parts.filter(Boolean).join(' ') || undefined;
}
