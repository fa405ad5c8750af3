import type { ReplacementPreview } from 'dossier';
import { component } from '../openapi/component-schemas.js';
import type { TenantHandler } from '../operation.js';
import { DRY_RUN, isYes } from '../query.js';
import { jsonResponse } from '../response.js';

const NOTHING: ReplacementPreview = {
  outcome: 'unchanged',
  added: [],
  changed: [],
  cleared: [],
  defaulted: [],
  extensions: [],
  keys: [],
};

/** The answer to a rehearsal: 200, with the preview. */
export function previewResponse(preview: ReplacementPreview = NOTHING): Response {
  return jsonResponse(200, preview);
}

/** The description of what answers either itself or a preview. */
export function orPreview<Handler extends Pick<TenantHandler, 'query' | 'responses'>>(handler: Handler) {
  const { query = [], responses } = handler;
  const preview = component('ChangePreview');
  const schema = responses[200]?.schema;
  const description = [responses[200]?.description, 'With `dry_run=yes`: the preview.'].filter(Boolean).join(' ');
  const answered = { ...responses[200], description, schema: schema ? { anyOf: [schema, preview] } : preview };
  return { query: [...query, DRY_RUN], responses: { ...responses, 200: answered } };
}

/** An operation that changes a profile, and with `dry_run=yes` tells what it would change, and changes nothing (L1). */
export function previewable(handler: TenantHandler): TenantHandler {
  return {
    ...handler,
    ...orPreview(handler),
    async run(call) {
      if (!isYes(call.query, DRY_RUN.name)) return handler.run(call);
      const { previews } = await call.profiles.dryRun(call.tenantId, (profiles) => handler.run({ ...call, profiles }));
      const id = call.pathParameter('customer_id');
      return previewResponse(previews.find(({ customerId }) => customerId === id)?.preview ?? previews[0]?.preview);
    },
  };
}
