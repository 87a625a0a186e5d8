import { giveUp, type OrderLine } from 'handover/contract';
import type { AxisApi, Target } from './port.ts';

/** The course a product names, active. */
export async function courseFor(api: AxisApi, course: string, { sku = '?' }: Pick<OrderLine, 'sku'>): Promise<Target> {
  const found = await api.findCourse(course);
  if (!found) {
    throw giveUp('AXIS_COURSE_UNKNOWN', `Axis LMS has no course ${course}, which SKU ${sku} names.`, {
      hint: 'Correct "with.course" in the product file, then retry the step. REST takes the number, the Legacy API the name.',
    });
  }
  if (found.isActive === false) {
    throw giveUp('AXIS_COURSE_INACTIVE', `Course ${course} of SKU ${sku} is not active in Axis LMS.`, {
      hint: 'Activate it in Axis, then retry the step.',
    });
  }
  return found;
}
