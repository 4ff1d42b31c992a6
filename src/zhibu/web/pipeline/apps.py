from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "zhibu.web.pipeline"
    label = "pipeline"
    verbose_name = "计算"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_facts_changed
        from zhibu.web.pipeline.reassess import facts_changed

        on_facts_changed(facts_changed)
