# Goals and funnels.

goals = Goals
goal = Goal
goal-rate = Of all visits
goal-reached-by = Reached by
goal-new = A further goal
goal-add = Add this goal
goal-needs-value = A goal needs a value to compare with.
goals-none = There are no goals yet. A goal is a page, or an event, that visits are to come to.
target-kind = What
target-page = A page whose path
target-event = An event whose name
funnels = Funnels
funnels-kept = Kept funnels
funnel-build = Build a funnel
funnel-show = Show
funnel-save = Keep this funnel
funnel-step = Step
funnel-rate = Of the step before
funnel-drop-off = Left
funnel-visits = { $count ->
    [one] Of one visit
   *[other] Of { $count } visits
}
funnel-completed = Of those that took the first step, <b>{ $rate }</b> took the last.
