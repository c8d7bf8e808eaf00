-- Which actions make sense. Before AWS has the job it can be held back; after, it can be ended or let go.

local actions = {}
local status = obj.status or {}

for _, c in ipairs(status.conditions or {}) do
  if (c.type == "Complete" or c.type == "Failed") and c.status == "True" then
    return actions
  end
end

if status.jobId ~= nil then
  actions["terminate"] = { ["iconClass"] = "fa fa-fw fa-stop", ["displayName"] = "Terminate" }
elseif obj.spec.suspend == true then
  actions["resume"] = { ["iconClass"] = "fa fa-fw fa-play", ["displayName"] = "Resume" }
else
  actions["suspend"] = { ["iconClass"] = "fa fa-fw fa-pause", ["displayName"] = "Suspend" }
end

if obj.spec.deletionPolicy ~= "Retain" then
  actions["retain"] = { ["iconClass"] = "fa fa-fw fa-unlink", ["displayName"] = "Retain the job on deletion" }
end

return actions
