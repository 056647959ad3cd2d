// An entry beside index.ts: it controls a running simulator without loading the code that generates events.
export { controlRunning, listPositions, listRunning } from './live/control-client.ts';
export { CONTROL_LIMITS, type ControlRequest, type SimulatorStatus } from './live/control-protocol.ts';
export type { Speed } from './live/simulated-clock.ts';
export { type ScenarioRequest, scenarioKinds, scenarioRequestSchema } from './scenarios/scenario.ts';
