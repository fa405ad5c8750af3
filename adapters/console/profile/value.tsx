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

/** The values of an attribute, in their order. */
export function Values({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <Value value={value} />;
  if (value.length === 0) return <Value value={undefined} />;
  if (value.length === 1) return <Value value={value[0]} />;
  return (
    <ol>
      {value.map((one) => (
        <li>
          <Value value={one} />
        </li>
      ))}
    </ol>
  );
}
