/** The commands a notice tells staff to use. */
export const commands = {
  status: 'npx handover status',
  showOrder: (order: string) => `npx handover order ${order}`,
  releaseOrder: (order: string) => `npx handover release ${order} --because "WHY"`,
  retryStep: (key: string) => `npx handover retry "${key}"`,
  markDone: (key: string) => `npx handover done "${key}" --because "WHY"`,
  retryCallback: (id: string) => `npx handover retry callback/${id}`,
  importKeys: (pool: string) => `npx handover keys import ${pool} FILE`,
} as const;
