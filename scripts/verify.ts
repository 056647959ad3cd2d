// The same as `npm test`: what a person runs and what CI runs never differ.
import './test.ts';
