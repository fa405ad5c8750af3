import type { ReplacementPreview } from 'dossier';
import { Each } from '../each.js';
import { MemberValue } from '../profile/member-value.js';
import { ScrollArea } from '../profile/profile-view.js';
import { type ConsoleSchema, titleAt, type WireProfile } from '../profile/schema.js';
import { type ShownPart, shownPart } from '../profile/shown-part.js';
import { confirmationOf, type Loss, MAX_NAMED, moreThan, namesOf } from './losses.js';

/** What a change would take away, value by value. */
export function LossList({ losses }: { readonly losses: readonly Loss[] }) {
  return (
    <ul>
      <Each
        items={losses.slice(0, MAX_NAMED)}
        render={({ name, values }) => (
          <li>
            <strong>{name}</strong>
            {values.length > 0 && (
              <ul>
                {values.slice(0, MAX_NAMED).map((value) => (
                  <li class="value" dir="auto">
                    {value === '' ? '(empty text)' : value}
                  </li>
                ))}
                {moreThan(values, MAX_NAMED).map((more) => (
                  <li>{more}</li>
                ))}
              </ul>
            )}
          </li>
        )}
      />
      {moreThan(losses, MAX_NAMED).map((more) => (
        <li>{more}</li>
      ))}
    </ul>
  );
}

/** The confirmation that names what is lost. */
export function Confirmation({ losses }: { readonly losses: readonly Loss[] }) {
  return (
    <p class="choice">
      <input type="checkbox" id="confirm" name="confirm" value={confirmationOf(losses)} required />{' '}
      <label for="confirm">Yes, remove: {namesOf(losses)}.</label>
    </p>
  );
}

interface ChangesProps {
  readonly schema: ConsoleSchema;
  readonly preview: ReplacementPreview;
  readonly before: WireProfile | undefined;
  /** The members that the profile would have, as far as they are known. */
  readonly after: Readonly<Record<string, unknown>> | undefined;
}

/** What a change would add and change, before and after. */
export function ChangeTable({ schema, preview, before, after }: ChangesProps) {
  const pointers = [
    ...preview.added,
    ...preview.changed,
    ...preview.cleared.map(({ pointer }) => pointer),
    ...preview.defaulted,
  ];
  if (pointers.length === 0) return undefined;
  const [old, fresh] = [before, after].map((members) => members && shownPart(schema, members));
  return (
    <ScrollArea label="All changes">
      <table>
        <caption>All changes</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">Now</th>
            {after && <th scope="col">Then</th>}
          </tr>
        </thead>
        <tbody>
          <Each
            items={pointers}
            render={(pointer) => (
              <tr>
                <th scope="row">{titleAt(schema, pointer)}</th>
                <td>
                  <MemberValue schema={schema} name={pointer.slice(1)} part={old} />
                </td>
                {fresh && (
                  <td>
                    <After schema={schema} preview={preview} after={fresh} pointer={pointer} />
                  </td>
                )}
              </tr>
            )}
          />
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface AfterProps extends Pick<ChangesProps, 'schema' | 'preview'> {
  readonly after: ShownPart;
  readonly pointer: string;
}

function After({ schema, preview, after, pointer }: AfterProps) {
  const name = pointer.slice(1);
  if (preview.defaulted.includes(pointer)) return <span class="none">its default</span>;
  const isKnown = Object.hasOwn(after.members, name) || preview.cleared.some((one) => one.pointer === pointer);
  if (!isKnown) return <span class="none">the records of both</span>;
  return <MemberValue schema={schema} name={name} part={after} />;
}
