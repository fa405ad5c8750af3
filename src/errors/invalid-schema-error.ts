import type { Violation } from '../rules/violation.js';
import { DossierError } from './dossier-error.js';
import { violationSummary } from './violation-summary.js';

/** A definition contradicts itself, or is no definition (HTTP 400). Nothing was changed. */
export class InvalidSchemaError extends DossierError {
  readonly code = 'invalid_schema';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The schema', violations));
    this.violations = violations;
  }
}
