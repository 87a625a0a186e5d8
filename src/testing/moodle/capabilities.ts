import type { MoodleCapability } from './capability-names.ts';
import { Refusal } from './refusal.ts';
import { siteId, type Course, type Moodle } from './state.ts';

export function can(moodle: Moodle, ...anyOf: readonly MoodleCapability[]): boolean {
  return anyOf.some((capability) => moodle.capabilities.has(capability));
}

/** `label` is what the message calls the right. */
export function need(moodle: Moodle, label: string, ...anyOf: readonly MoodleCapability[]): void {
  if (!can(moodle, ...anyOf)) throw new Refusal('nopermissions', { label });
}

/** Whether the service account may enter the course. */
export function canEnter(moodle: Moodle, course: Course): boolean {
  if (course.id === siteId) return true;
  return can(moodle, 'moodle/course:view') && (course.visible || can(moodle, 'moodle/course:viewhiddencourses'));
}
