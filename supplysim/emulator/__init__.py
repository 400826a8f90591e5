"""The quick estimate: what a package of levers probably does, learnt from runs made beforehand."""
