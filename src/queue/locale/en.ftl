queue-app = Outbound
queue-name = outbound task
queue-name-plural = Outbound tasks
queue-kind-title = Fetch the title
queue-kind-check = Check the link
queue-kind-mail = Send a mail
queue-kind-report = Mail an error
queue-waiting = Waiting
queue-working = In progress
queue-failed = Failed
queue-field-kind = Task
queue-field-object = Object
queue-object = { $model } { $number }
queue-field-link = Page in the admin
queue-open = Open the object
queue-field-host = Host
queue-field-state = State
queue-field-attempts = Attempts
queue-field-created = Added
queue-field-run-after = Not before
queue-field-failed = Given up
queue-field-error = Last error
queue-action-again = Try selected tasks again
queue-action-done = { $count ->
    [one] { $count } task will be tried again.
   *[other] { $count } tasks will be tried again.
}
queue-error-read-only = A task cannot be edited. It can be tried again or deleted.

queue-mail-test-subject = Test mail
queue-mail-test-body =
    This mail was sent by “polls sendtestemail” at { $time }, for { $site }.

    If you read it, the settings of mail are right.

# Errors of the log, by mail to the administrators.
queue-report-mail-subject = Error: { $error }
queue-report-mail-body =
    { $count ->
        [one] This error was logged at { $first }.
       *[other] This error was logged { $count } times, first at { $first }, last at { $last }. The newest:
    }

    { $text }

    Place in the program: { $place }
    Site: { $site }
    This mail was made at { $now }. The same place is told of once a minute at most. The log has the whole.
