-- Ends the job and keeps the object, with its record. A deadline of one second after the submission has always passed:
-- the operator terminates the job, and it fails with the reason DeadlineExceeded.
obj.spec.activeDeadlineSeconds = 1
return obj
