/** How much of a text is shown at once. */
const MAX_SHOWN = 400;

function textOf(value: unknown): string {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  return String(value);
}

/** One value of an attribute. What it holds is text, whatever it looks like. */
export function Value({ value }: { readonly value: unknown }) {
  if (value === undefined || value === null) return <span class="none">no value</span>;
  const text = textOf(value);
  if (text === '') return <span class="none">empty text</span>;
  if (text.length <= MAX_SHOWN) return <Text text={text} />;
  return (
    <details>
      <summary>
        <Text text={`${text.slice(0, 80).toWellFormed().replace(/\s+/g, ' ')}…`} /> ({text.length} characters)
      </summary>
      <Text text={text} />
    </details>
  );
}

function Text({ text }: { readonly text: string }) {
  return (
    <span class="value" dir="auto">
      {text}
    </span>
  );
}

interface ValuesProps {
  readonly value: unknown;
  /** How many more there are. */
  readonly left?: number | undefined;
}

/** The values of an attribute, in their order. */
export function Values({ value, left = 0 }: ValuesProps) {
  if (left > 0 && Array.isArray(value)) {
    return (
      <>
        <ValueList values={value} />
        <Left count={left} of="values" />
      </>
    );
  }
  if (!Array.isArray(value)) return <Value value={value} />;
  if (value.length === 0) return <Value value={undefined} />;
  if (value.length === 1) return <Value value={value[0]} />;
  return <ValueList values={value} />;
}

/** How many values of an attribute are shown where many profiles are. */
const FEW = 10;

/** The values of an attribute of one profile among many. */
export function FewValues({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <Value value={value} />;
  return <Values value={value.slice(0, FEW)} left={Math.max(0, value.length - FEW)} />;
}

function ValueList({ values }: { readonly values: readonly unknown[] }) {
  return (
    <ol>
      {values.map((one) => (
        <li>
          <Value value={one} />
        </li>
      ))}
    </ol>
  );
}

/** What a page leaves out, which may be nothing. */
export function Left({ count, of }: { readonly count: number; readonly of: string }) {
  if (count === 0) return undefined;
  return (
    <p class="meta">
      and {count} more {of}, which are not shown
    </p>
  );
}
