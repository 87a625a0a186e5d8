/** Asks people to do something for the step that is under way. */
export interface TaskDesk {
  /**
   * Mails the assignee, once per step, with the order's facts; reminds when it is due, and tells somebody else when it is not
   * done by then. The step then waits, parked as `TASK_OPEN`, until a person marks it done: this promise is rejected with what
   * the action has to let through. It only resolves where a task is done at once, as in tests.
   */
  ask(task: PersonTask): Promise<void>;
  /** Tells the assignee that what an earlier step asked for is not wanted any more. */
  callOff(task: Pick<PersonTask, 'title' | 'assignee'>): Promise<void>;
}

export interface PersonTask {
  readonly title: string;
  readonly text?: string;
  /** E-mail address. Undefined: the site's owner. */
  readonly assignee?: string;
  readonly dueAt?: Date;
  /** E-mail address; only with `escalateAt`. Undefined: the site's owner. */
  readonly escalateTo?: string;
  readonly escalateAt?: Date;
  /** What the order itself does not tell, e.g. where a parcel goes. */
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** It takes back what the grant's task did. */
  readonly undoes?: boolean;
}
