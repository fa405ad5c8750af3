import type { Violation } from '../rules/violation.js';
import { DossierError } from './dossier-error.js';
import { violationSummary } from './violation-summary.js';

/** A representation breaks rules R1 to R11 (HTTP 400). Nothing was changed. */
export class InvalidProfileError extends DossierError {
  readonly code = 'invalid_profile';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The representation', violations));
    this.violations = violations;
  }
}
