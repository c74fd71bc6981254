"""Which sums of confidential figures may be shown, so that no reader can work out what a single contributor gave.

The primary rule looks at one sum alone: at least three contributors, none of which gave more than 80 % of it (the
threshold and the dominance rule of official statistics). Secondary suppression looks at all sums that are shown
together: what a sum hides must not come out of the others by subtraction. `protect` does both.

**The attacker.** Somebody who reads everything that is shown, knows which buildings stand in which areas, which firm
sits where and which sums were hidden, knows that no figure is negative and that local shares are no larger than the
whole, and computes with all of it at once, exactly and with bounds (linear programming). Besides, the attacker may be
one of the contributors, with a figure of its own. What such a reader can say of a hidden sum F, whose largest
contributor gave L, is an interval that reaches at least from F - 20 % of L to F + 25 % of L (with a rule of 80 %), for
every period and every union of periods that `protect` was told of. So not even those who know all other contributions
to that one sum come nearer to L.

**What it does not hold against.** Several contributors of different hidden sums who tell each other their figures;
somebody who knows a figure from elsewhere (an annual report); comparing what was shown before and after a correction;
guessing from the bare fact that a sum is hidden that few stand behind it; in a sum that is shown, one contributor
estimating another (three contributors leave each of them a sum of two). Derived figures, such as tax per square metre
where the area is public, ranks, tiers and counts of towers above a limit, tell as much as the sums they are made of:
make them of shown sums alone, and they tell nothing more.

References
----------
* L. Willenborg, T. de Waal, *Elements of Statistical Disclosure Control*, Springer 2001: threshold and dominance rules
  (ch. 1 and 5), feasibility intervals of suppressed cells.
* A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, ch. 4: secondary suppression, singletons as
  attackers, linked and hierarchical tables.
* M. Fischetti, J.-J. Salazar-González, "Solving the cell suppression problem on tabular data with linear constraints",
  Management Science 47 (2001): protection as intervals that an attacker's linear program gives.
"""

from geo.suppression.protecting import Protection, protect
from geo.suppression.rule import Rule, passes, passes_counted
from geo.suppression.table import Atom, Contributions, Sum

__all__ = ["Atom", "Contributions", "Protection", "Rule", "Sum", "passes", "passes_counted", "protect"]
