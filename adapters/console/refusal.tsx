import type { Child } from 'hono/jsx';
import type { Violation } from './request/problem-error.js';

/** Why nothing was done, read out by screen readers when the page comes. */
export function Refusal({ text, violations = [], placeOf }: RefusalProps) {
  return (
    <div class="problem" role="alert">
      <p>{text}</p>
      <ViolationList violations={violations} placeOf={placeOf} />
    </div>
  );
}

interface RefusalProps {
  readonly text: string;
  readonly violations?: readonly Violation[] | undefined;
  readonly placeOf?: PlaceOf | undefined;
}

/** What to call the place of a violation. Default: its pointer. */
type PlaceOf = (pointer: string) => Child;

interface ViolationListProps {
  readonly violations: readonly Violation[];
  readonly placeOf?: PlaceOf | undefined;
}

/** Each violation: where, what was expected, and by which rule. */
export function ViolationList({
  violations,
  placeOf = (pointer) => <code>{pointer || '/'}</code>,
}: ViolationListProps) {
  if (violations.length === 0) return undefined;
  return (
    <ul>
      {violations.map(({ pointer, expected, rule }) => (
        <li>
          {placeOf(pointer)}: {expected} {rule && `(${rule})`}
        </li>
      ))}
    </ul>
  );
}
