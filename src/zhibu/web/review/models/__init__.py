from zhibu.web.review.models.filing import Filing, FilingStep
from zhibu.web.review.models.review import (
    SENTENCES,
    Decision,
    Fault,
    FaultCall,
    RecordReview,
    ReviewSetting,
    Snooze,
)
from zhibu.web.review.models.sampling import Sample, Sampling, SamplingResult

__all__ = [
    "SENTENCES",
    "Decision",
    "Fault",
    "FaultCall",
    "Filing",
    "FilingStep",
    "RecordReview",
    "ReviewSetting",
    "Sample",
    "Sampling",
    "SamplingResult",
    "Snooze",
]
