import { giveUp, tryLater, type StepError } from '../contract/errors.ts';

/** What nodemailer throws. `command` is the SMTP command that failed. */
export interface SmtpFailure extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/**
 * What a failed attempt means. 4xx answers and lost connections: later. A 5xx answer to the receiver or the message: never.
 * A 5xx answer to us as the sender is a matter of settings, and other mails wait for the same cure: later. No answer once the
 * message was on its way: the server may have it. (Reply codes: RFC 5321, section 4.2.1.)
 */
export function explainFailure(
  failure: SmtpFailure,
  { begun, server }: { readonly begun: boolean; readonly server: string },
): StepError {
  const { code, command = '', responseCode, response = '' } = failure;
  const said = response === '' ? failure.message : response;
  if (responseCode === undefined || responseCode < 400) return explainSilence(failure, begun, server);
  if (code === 'EAUTH') {
    return tryLater('MAIL_SERVER_LOGIN', `The mail server ${server} does not accept our user name and password: ${said}`, {
      hint: 'Check "mail.smtp.user" and "mail.smtp.password" in handover.json and the secret they name.',
      cause: failure,
    });
  }
  if (responseCode < 500 || responseCode === 503) {
    return tryLater('MAIL_POSTPONED', `The mail server ${server} asks us to come back later: ${said}`, {
      down: responseCode === 421, // the service is not available (RFC 5321, section 4.2.2)
      cause: failure,
    });
  }
  if (command.startsWith('RCPT') || command === 'DATA') {
    return giveUp('MAIL_REFUSED', `The mail server ${server} refused the mail: ${said}`, {
      hint: 'Most often the address is misspelt or closed. Ask the buyer for another one, correct it at the order, and retry the step.',
      cause: failure,
    });
  }
  return tryLater('MAIL_SERVER_REFUSES_US', `The mail server ${server} does not let us send: ${said}`, {
    hint: 'Check that the server may send for the address in "mail.from.email", and "mail.smtp" in handover.json.',
    cause: failure,
  });
}

function explainSilence(failure: SmtpFailure, begun: boolean, server: string): StepError {
  if (begun) {
    return tryLater(
      'MAIL_UNCONFIRMED',
      `The connection to the mail server ${server} broke before it confirmed the mail: ${failure.message}`,
      {
        unknown: true,
        down: true,
        cause: failure,
      },
    );
  }
  if (failure.code === 'ETLS') {
    return tryLater('MAIL_SERVER_TLS', `No safe connection to the mail server ${server} came about: ${failure.message}`, {
      hint: 'Check "mail.smtp.host" and "mail.smtp.secure" in handover.json (true for port 465, false for 587), and the server\'s certificate.',
      cause: failure,
    });
  }
  return tryLater('MAIL_SERVER_UNREACHABLE', `The mail server ${server} cannot be reached: ${failure.message}`, {
    hint: 'Check "mail.smtp.host" and "mail.smtp.port" in handover.json, and that this machine may connect to it.',
    down: true,
    cause: failure,
  });
}
