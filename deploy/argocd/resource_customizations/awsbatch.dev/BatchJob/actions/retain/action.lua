-- Lets the job run on when the object is deleted.
obj.spec.deletionPolicy = "Retain"
return obj
