-- Holds the submission back. Changes nothing once AWS has the job.
obj.spec.suspend = true
return obj
