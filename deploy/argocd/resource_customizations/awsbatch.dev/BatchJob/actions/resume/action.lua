-- Lets the submission go on.
obj.spec.suspend = false
return obj
