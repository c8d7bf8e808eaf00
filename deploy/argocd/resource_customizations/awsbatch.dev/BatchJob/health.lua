-- The health of a BatchJob. The status speaks kstatus beside its own words: observedGeneration is the generation it
-- tells of, Stalled=True means that nothing gets better by itself.

local status = obj.status or {}

local function condition(kind)
  for _, c in ipairs(status.conditions or {}) do
    if c.type == kind and c.status == "True" then
      return c
    end
  end
  return nil
end

-- "Reason: what AWS or the operator says"
local function why(c)
  if c.message == nil or c.message == "" then
    return c.reason
  end
  return c.reason .. ": " .. c.message
end

-- A job that has ended has ended, whatever of the spec was changed later: members of the request are immutable.
local complete = condition("Complete")
if complete ~= nil then
  return { status = "Healthy", message = complete.message }
end
local failed = condition("Failed")
if failed ~= nil then
  return { status = "Degraded", message = why(failed) }
end

if obj.metadata.generation ~= nil and status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "Waiting for the operator to see it" }
end

-- AWS refused it, or denied it: the operator tries again, and a person has something to do.
local stalled = condition("Stalled")
if stalled ~= nil then
  return { status = "Degraded", message = why(stalled) }
end
if status.phase == "Suspended" then
  return { status = "Suspended", message = "Held back until spec.suspend is false" }
end

-- On its way: AWS's own word, and its reason where it gives one.
local message = status.jobStatus or status.phase or "Pending"
if status.reason ~= nil then
  message = message .. ": " .. status.reason
end
local children = status.array and status.array.statusSummary
if children ~= nil and status.array.size ~= nil then
  message = message .. " (" .. (children.SUCCEEDED or 0) .. " of " .. status.array.size .. " children succeeded, "
    .. (children.FAILED or 0) .. " failed)"
end
return { status = "Progressing", message = message }
