import type { SchemaProposal } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { QueryParameter } from '../openapi/operation-description.js';
import type { Call, TenantHandler } from '../operation.js';
import { isYes } from '../query.js';
import { jsonResponse } from '../response.js';
import { wireReport } from '../wire-report.js';

const DRY_RUN: QueryParameter = {
  name: 'dry_run',
  description:
    'With `yes`, nothing is stored: the answer is a report of what the change would meet in the stored profiles. Default `no`.',
  choices: ['no', 'yes'],
};

/** Refuses a change that does not fit the stored profiles (S2). */
export const CHECKED: QueryParameter = {
  name: 'checked',
  description:
    'With `yes`, all stored profiles are checked first, and the change is a 409 with a report if any of them breaks the schema or has values that it would hide. Default `no`.',
  choices: ['no', 'yes'],
};

export function isChecked({ query }: Pick<Call, 'query'>): boolean {
  return isYes(query, CHECKED.name);
}

/**
 * A schema change that with `dry_run=yes` answers what it would meet, and changes nothing (S1).
 *
 * @param proposalOf the change that the request asks for
 * @param tryOut called instead of `schemas.tryOut` alone
 */
export function triable(
  handler: TenantHandler,
  proposalOf: (call: Call) => SchemaProposal,
  tryOut: (call: Call, proposal: SchemaProposal) => ReturnType<Call['schemas']['tryOut']> = (
    { schemas, tenantId },
    proposal,
  ) => schemas.tryOut(tenantId, proposal),
): TenantHandler {
  const { query = [], responses } = handler;
  const report = component('SchemaReport');
  const { description, schema, ...others } = responses[200] ?? { description: '' };
  const answered = {
    ...others,
    description: [description, 'With `dry_run=yes`: the report.'].filter(Boolean).join(' '),
    schema: schema ? { anyOf: [schema, report] } : report,
  };
  return {
    ...handler,
    query: [...query, DRY_RUN],
    responses: { ...responses, 200: answered },
    async run(call) {
      if (!isYes(call.query, DRY_RUN.name)) return handler.run(call);
      return jsonResponse(200, wireReport(await tryOut(call, proposalOf(call))));
    },
  };
}
