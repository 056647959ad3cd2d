/** When the pipeline carries out a request, in a sentence. */
export function whenApplied(isPipelineRunning: boolean): string {
  return isPipelineRunning
    ? 'The running pipeline carries it out between two batches.'
    : 'The pipeline is not running: it will be carried out when it runs.';
}
