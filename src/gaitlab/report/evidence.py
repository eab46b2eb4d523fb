"""What many coaches say, and what was published about it: in the same words on every page."""

from typing import Final

IDEA: Final = (
    "Sprinters meet the ground with the ball of the foot, briefly and often; a distance runner who "
    "can do the same when it matters has a kick. So look at contact time, cadence and strike when "
    "the runner speeds up."
)
KICK_EVIDENCE: Final = (
    "It agrees in part. In the 800 m final of women in 2017 the second lap was faster by cadence, "
    "with shorter contacts and flights (n 8, PMC9047885). In the men's 1500 m final step length "
    "stayed and frequency rose, but the better placed had longer contacts and a softer leg (n 8, "
    "doi 10.1111/sms.14331). Of 181 runners over 800 and 1500 m most had longer contacts on the "
    "last lap than on the first; those who landed on mid- or forefoot were faster and had shorter "
    "contacts (Hayes & Caplan 2012). So a kick by short contacts is something to look at, not a "
    "rule. None of this says what a runner should change."
)
