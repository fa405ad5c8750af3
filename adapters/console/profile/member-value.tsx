import { type ConsoleSchema, titleOf } from './schema.js';
import type { ShownPart } from './shown-part.js';
import { Left, Value, Values } from './value.js';

/** How many records of an extension are shown in a cell of a table. */
const MAX_RECORDS = 10;

interface MemberValueProps {
  readonly schema: ConsoleSchema;
  readonly name: string;
  /** Of the profile that has it. */
  readonly part: ShownPart | undefined;
}

/** The value of a member of a profile: of an attribute, or the records of an extension. */
export function MemberValue({ schema, name, part }: MemberValueProps) {
  const extension = schema.extensions.find((one) => one.name === name);
  const value = part?.members[name];
  const left = part?.left.get(name) ?? 0;
  if (!extension) return <Values value={value} left={left} />;
  const records = (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]) as Record<
    string,
    unknown
  >[];
  if (records.length + left === 0) return <span class="none">no record</span>;
  const items = records.map((record) => (
    <li>
      {extension.attributes
        .filter((attribute) => record[attribute.name] !== undefined)
        .map((attribute) => (
          <div>
            {titleOf(attribute)}: <Value value={record[attribute.name]} />
          </div>
        ))}
    </li>
  ));
  if (items.length + left <= MAX_RECORDS) return <ol>{items}</ol>;
  return (
    <details>
      <summary>{items.length + left} records</summary>
      <ol>{items}</ol>
      <Left count={left} of="records" />
    </details>
  );
}
