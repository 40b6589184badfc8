"""The limit between the clinical and the ordinary range, where an instrument has norms for both.

Source: Jacobson, N. S., & Truax, P. (1991). Journal of Consulting and Clinical Psychology, 59(1), 12–19.
`sign` is +1 when higher is better and −1 when lower is; all results are in points of the measure.
"""


def cutoff_a(clinical_mean: float, clinical_sd: float, *, sign: int = 1) -> float:
    """a: two standard deviations better than the clinical mean."""
    return clinical_mean + sign * 2 * clinical_sd


def cutoff_b(norm_mean: float, norm_sd: float, *, sign: int = 1) -> float:
    """b: two standard deviations worse than the norm mean."""
    return norm_mean - sign * 2 * norm_sd


def cutoff_c(clinical_mean: float, clinical_sd: float, norm_mean: float, norm_sd: float) -> float:
    """c: as likely in the one group as in the other. Clinical 5/2 and norm 7/1.5 give 6.14."""
    return (clinical_sd * norm_mean + norm_sd * clinical_mean) / (clinical_sd + norm_sd)
