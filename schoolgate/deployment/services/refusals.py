"""The database's refusals by name. None of them can be overridden: there is nothing to override them with."""


class Refused(Exception):
    """The rules refuse a posting; `rule` is the name of the database's constraint."""

    rule = ""


class InProbation(Refused):
    """The officer is in probation on the first day, or nobody has said when probation ends. Nothing overrides it."""

    rule = "nobody_in_probation"


class NotVetted(Refused):
    """The officer's vetting is not the one that the force asks for, or not in date on the first day."""

    rule = "vetting_in_date"


class NotTrained(Refused):
    """A training that the force asks for is missing or not in date on the first day."""

    rule = "trained_in_date"


class NotSignedOff(Refused):
    """The sergeant has not signed the officer off as suitable, or the review is due by the first day."""

    rule = "signed_off_in_date"


class OtherForce(Refused):
    """The school belongs to another force than the team."""

    rule = "school_of_the_force"


class AlreadyAssigned(Refused):
    """The officer serves that school on some of those days already."""

    rule = "one_assignment_once"


class NotTold(Refused):
    """Head teacher and SPOC have not both been told of exactly this."""

    rule = "told_before_live"


class MovedOn(Refused):
    """The proposal was withdrawn or went live meanwhile."""

    rule = "proposal_moves_on"


class NotTheirs(Refused):
    """Whoever was named is not the school's head teacher or SPOC."""

    rule = "tells_head_and_spoc"


class EndsBeforeStart(Refused):
    """The posting that would end begins after the day on which it would."""

    rule = "assignment_ends_after_start"


NAMES = {
    each.rule: each
    for each in (
        InProbation, NotVetted, NotTrained, NotSignedOff, OtherForce, AlreadyAssigned, NotTold, MovedOn, NotTheirs,
        EndsBeforeStart,
    )
}  # fmt: skip
