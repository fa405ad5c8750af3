import { pageResponse } from '../layout.js';
import { ViolationList } from '../refusal.js';
import type { ProblemError } from '../request/problem-error.js';
import type { Visit } from '../request/visit.js';

/** What a person can do about an error, by its code. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['unauthenticated', 'Sign in, and load this page again.'],
  ['not_allowed', 'Ask an administrator of your tenant for access.'],
  ['schema_not_defined', 'The tenant has no schema yet. An administrator defines it.'],
  ['storage_unavailable', 'Load this page again in a few seconds. What you typed is then sent again.'],
  [
    'maintenance',
    'Nothing can be changed at the moment. Load this page again later: what you typed is then sent again.',
  ],
]);

/** Browsers ask for other credentials on a 401, which helps only someone who has not given valid ones. */
function statusOf({ problem }: ProblemError): number {
  return problem.code === 'not_allowed' ? 403 : problem.status;
}

/** What the interface refused. */
export async function problemPage(visit: Visit, error: ProblemError): Promise<Response> {
  const { title, detail, code, violations = [] } = error.problem;
  const advice = ADVICE.get(code);
  const response = await pageResponse(visit, {
    title,
    status: statusOf(error),
    content: (
      <>
        <h1>{title}</h1>
        <div class="problem">
          <p>{detail}</p>
          <ViolationList violations={violations} />
          {advice && <p>{advice}</p>}
        </div>
      </>
    ),
  });
  if (response.status === 401 && error.challenge) response.headers.set('www-authenticate', error.challenge);
  if (error.retryAfter) response.headers.set('retry-after', error.retryAfter);
  return response;
}

function plainProblem(visit: Visit, status: number, title: string, lines: readonly string[]): Promise<Response> {
  const content = (
    <>
      <h1>{title}</h1>
      <div class="problem">
        {lines.map((line) => (
          <p>{line}</p>
        ))}
      </div>
    </>
  );
  return pageResponse(visit, { title, status, content });
}

/** A form that may come from another site. */
export function formRefusedPage(visit: Visit, reason: string): Promise<Response> {
  return plainProblem(visit, 403, 'The form was refused', [
    `Nothing was changed. ${reason}`,
    'Forms are taken from pages of this console alone, and from a browser that keeps its cookie. Go back, load the page again, and send the form once more.',
  ]);
}

export function formTooLargePage(visit: Visit, limit: string): Promise<Response> {
  return plainProblem(visit, 413, 'Too large', [
    `The form may have at most ${limit}. Nothing was changed.`,
    'Import larger files by the command `dossier import`, or by POST /profiles/import.',
  ]);
}

export function formTooSlowPage(visit: Visit): Promise<Response> {
  return plainProblem(visit, 408, 'Too slow', ['The form did not arrive in time. Nothing was changed. Send it again.']);
}

/** An unexpected fault, without inner detail. */
export function failurePage(visit: Visit, requestId: string): Promise<Response> {
  return plainProblem(visit, 500, 'Something went wrong', [
    'The server failed to make this page. Whether a change took place is not known: look at the profile.',
    `Tell your administrator the id ${requestId}.`,
  ]);
}
