import type { Violation } from '../rules/violation.js';
import { DossierError } from './dossier-error.js';
import { violationSummary } from './violation-summary.js';

/** An option that the host passed is not valid; each violation points to the option by its name. */
export class InvalidOptionsError extends DossierError {
  readonly code = 'invalid_options';

  /** All of them, at most 100 (R11). */
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violationSummary('The configuration', violations));
    this.violations = violations;
  }
}
