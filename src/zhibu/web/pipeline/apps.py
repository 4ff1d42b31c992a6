from django.apps import AppConfig


class PipelineConfig(AppConfig):
    name = "zhibu.web.pipeline"
    label = "pipeline"
    verbose_name = "计算"

    def ready(self) -> None:
        from zhibu.web.core.announce import on_facts_changed, on_tree_moved, on_trial_asked, on_units_changed
        from zhibu.web.pipeline.listening import facts_changed, units_changed
        from zhibu.web.pipeline.reassess import tree_moved
        from zhibu.web.pipeline.whatif import asked

        on_facts_changed(facts_changed)
        on_tree_moved(tree_moved)
        on_units_changed(units_changed)
        on_trial_asked(asked)
